import type { FaultEvent } from '../../src/model/event.ts';
import type { Workshop } from '../support.ts';
import { figuresOf, type Row, rowOf } from './rows.ts';
import { kindsIn, type Play, type Scene } from './scene.ts';

/** The timeout of requests in these runs, in seconds. */
export const timeoutSec = 0.8;
/** Where nothing is meant to move, a median may still move this far. */
const noiseMs = 20;

/** One fault of a run, from its events; times are Unix seconds. */
export interface Life {
  readonly node: string;
  readonly kind: string;
  readonly states: readonly string[];
  readonly requestedSec: number;
  readonly effectiveSec: number;
  readonly undoRequestedSec: number;
  readonly verifiedSec: number;
}

export function livesOf(shop: Workshop, run: string): readonly Life[] {
  const events = shop.events(run).filter((event): event is FaultEvent => event.type === 'fault');
  return [...Map.groupBy(events, ({ id }) => id).values()].map((life) => {
    const when = (state: string) => life.find((event) => event.state === state)?.wall_sec ?? Number.NaN;
    return {
      node: life[0]?.node ?? '',
      kind: life[0]?.spec?.kind ?? '',
      states: life.map(({ state }) => state),
      requestedSec: when('requested'),
      effectiveSec: when('effective'),
      undoRequestedSec: when('undo_requested'),
      verifiedSec: when('verified'),
    };
  });
}

/** By what each kind of fault was done; null: by a power of the driver. */
export function meansOf(shop: Workshop, run: string): ReadonlyMap<string, string | null> {
  const requested = shop
    .events(run)
    .flatMap((event) => (event.type === 'fault' && event.undo ? [event] : []));
  return new Map(requested.map(({ spec, undo }) => [spec?.kind ?? '', undo?.means ?? null]));
}

/** The same, as `orch plan --json` says it. */
export function plannedMeans(stdout: string): ReadonlyMap<string, string | null> {
  const { timeline } = JSON.parse(stdout) as {
    timeline: readonly { fault: { kind: string } | null; means: string | null }[];
  };
  return new Map(timeline.flatMap(({ fault, means }) => (fault === null ? [] : [[fault.kind, means]])));
}

/** All that the journal holds of what was put beside the nodes, as text. */
export function preparedOf(shop: Workshop, run: string): string {
  const events = shop.events(run).filter((event) => event.type === 'fault');
  return events.map((event) => JSON.stringify(event.undo?.prepared ?? null)).join('\n');
}

/**
 * What is wrong with a run, as sentences: each fault is to be seen in force, undone and verified, and to show in the rows of
 * its node what is expected of it while it is in force. Beyond that no node has an error.
 * @param witness The node that nothing befalls.
 */
export function wrongIn(shop: Workshop, run: string, play: Play, witness: string): readonly string[] {
  const rows = shop.rows(run).map(rowOf);
  const lives = livesOf(shop, run);
  const ended = 'requested effective undo_requested undone verified';
  return [
    ...lives
      .filter(({ states }) => states.join(' ') !== ended)
      .map(({ kind, node, states }) => `${kind} of ${node} was ${states.join(', ')}`),
    ...Object.entries(play).flatMap(([node, scenes]) =>
      scenes.flatMap((scene) => wrongOn(rows, node, lives, witness, scene)),
    ),
    ...[...Object.keys(play), witness].flatMap((node) =>
      rows
        .filter((row) => row.node === node && row.error !== '' && !isDuring(row, node, lives))
        .map(({ error, sec }) => `${node} had ${error} at ${sec}, beyond any fault`),
    ),
  ];
}

/** Whether a request may have met a fault: what is still held as it ends is sent soon after. */
function isDuring({ sec }: Row, node: string, lives: readonly Life[]): boolean {
  return lives.some(
    (life) =>
      life.node === node && sec > life.requestedSec - timeoutSec && sec < life.verifiedSec + timeoutSec,
  );
}

function wrongOn(
  rows: readonly Row[],
  node: string,
  lives: readonly Life[],
  witness: string,
  scene: Scene,
): readonly string[] {
  const together = lives.filter((life) => life.node === node && kindsIn(scene).includes(life.kind));
  if (together.length < scene.faults.length) return [`${scene.faults.join(' and ')} did not come to be`];
  const from = Math.max(...together.map(({ effectiveSec }) => effectiveSec)) + 0.05;
  // What is due later may be answered once it is over.
  const to = Math.min(...together.map(({ undoRequestedSec }) => undoRequestedSec)) - timeoutSec;
  const during = (name: string) => rows.filter((row) => row.node === name && row.sec > from && row.sec < to);
  const calm = (name: string) => figuresOf(rows.filter((row) => row.node === name && row.phase === 'calm'));
  const told = `${scene.faults.join(' and ')} on ${node}`;
  const beside = { calmMs: calm(witness).medianMs, nowMs: figuresOf(during(witness)).medianMs };
  return wrong(during(node), calm(node).medianMs, beside, scene).map((problem) => `${told}: ${problem}`);
}

/** The medians of the witness: how slow the machine is, before all faults and now. */
interface Beside {
  readonly calmMs: number;
  readonly nowMs: number;
}

function wrong(
  rows: readonly Row[],
  calmMs: number,
  beside: Beside,
  { error, moves, slow }: Scene,
): readonly string[] {
  const { count, medianMs, errorShares } = figuresOf(rows);
  // What the witness shows of the machine is taken off, and the slower that is, the less a median says.
  const usualMs = calmMs + beside.nowMs - beside.calmMs;
  const slackMs = 3 * Math.max(beside.nowMs, beside.calmMs);
  const isStarved = slackMs > 300;
  const problems: string[] = [];
  const is = `of ${count} rows, median ${usualMs} to ${medianMs} ms, ${JSON.stringify(errorShares)}`;
  const demand = (holds: boolean, what: string) => holds || problems.push(`${what} ${is}`);
  demand(count >= 8, 'too few');
  const [codes, from, to] = error ?? ['timeout', 0, moves === undefined ? 0 : 1];
  const meant = Object.entries(errorShares).filter(
    ([code]) => codes.split('|').includes(code) || (isStarved && code === 'timeout'),
  );
  const share = meant.reduce((sum, [, part]) => sum + part, 0);
  demand(share >= from && share <= to, `${codes} not from ${from} to ${to}`);
  demand(meant.length === Object.keys(errorShares).length, 'other errors');
  if (error === undefined || moves !== undefined) {
    const [least, most] = moves ?? [-noiseMs, noiseMs];
    const moved = medianMs - usualMs;
    demand(
      moved >= least - slackMs && moved <= most + slackMs,
      `not moved by ${least} to ${most} ms, give or take ${slackMs},`,
    );
  }
  if (slow !== undefined) {
    const [atLeastMs, few, many] = slow;
    const part = rows.filter(({ latencyMs }) => latencyMs >= atLeastMs).length / count;
    demand(part >= few && part <= many, `${part} beyond ${atLeastMs} ms, not from ${few} to ${many}`);
  }
  return problems;
}
