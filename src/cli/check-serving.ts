import { shownUrl } from '../config/redact.ts';
import { formatDuration } from '../model/duration.ts';
import { OrchError } from '../model/errors.ts';
import type { NodeSpec } from '../model/node.ts';
import type { Plan } from '../run/plan.ts';
import { findSilent, type SilentNode } from '../run/preflight.ts';
import { commandFor } from './repair.ts';
import type { RunView } from './run-view.ts';
import type { ChosenDriver, World } from './world.ts';

const startIt = 'Start it, or correct its address in config.yaml. `orch doctor` shows what is there.';

/** What else may be wrong than that a node is not there, by the code of the error. */
const hints: readonly (readonly [string, string])[] = [
  [
    'tls_error',
    'Its certificate is not accepted, or it wants one: see `tls` of a workload in docs/config.md.',
  ],
  ['no_http2', 'A workload has `http_version: 2`, which the node does not speak.'],
  ['no_cluster', 'It is a node by itself: `redis://` in place of `redis+cluster://` is its URL.'],
  ['bad_response', 'Something else listens there: what it says is no answer of its kind.'],
];

/** A node that has yet to start never answers so: these are told at once. */
const lasting: readonly string[] = ['tls_error', 'no_http2', 'no_cluster'];

/** Nodes may take this long to answer before a run begins. */
const preflightMs = 10_000;

/** Whoever looks on wonders by then what is waited for. */
const tellAfterMs = 1_000;

/**
 * A system that is not well to begin with would be blamed on the fault: then nothing is disturbed.
 * @throws OrchError `node-not-serving`, `interrupted`
 */
export async function checkServing(
  { clock, interrupt }: Pick<World, 'clock' | 'interrupt'>,
  plan: Plan,
  chosen: ChosenDriver,
  /** Why a node does not answer, as the code of an error; null where it does. */
  silenceOf: (node: NodeSpec) => Promise<string | null>,
  view: Pick<RunView, 'say' | 'warn'>,
): Promise<void> {
  const silent = await findSilent(plan.nodes, {
    clock,
    silenceOf,
    lasts: (why) => lasting.includes(why),
    limitMs: preflightMs,
    tellAfterMs,
    onWaiting: (still) => view.say(`waiting up to ${formatDuration(preflightMs)} for ${listed(still)}`),
    signal: interrupt,
  });
  if (interrupt.aborted) throw new OrchError('interrupted', 'interrupted before the run had begun');
  if (silent.length === 0) return;
  if (plan.disturbs || chosen.driver !== null || silent.length === plan.nodes.length) {
    const commands = await commandsFor(
      silent.map(({ node }) => node),
      chosen,
    );
    throw new OrchError('node-not-serving', `not answering before the run has begun: ${listed(silent)}`, {
      hint:
        commands.length > 0
          ? `Bring it back: ${commands.join('; ')}`
          : (hints.find(([code]) => silent.some(({ why }) => why === code))?.[1] ?? startIt),
    });
  }
  view.warn(`not answering, its requests will fail: ${listed(silent)}`);
}

function listed(silent: readonly SilentNode[]): string {
  return silent.map(({ node, why }) => `${node.name} at ${shownUrl(node.url)} (${why})`).join(', ');
}

/**
 * Whether the nodes that load reaches through a proxy answer there too.
 * @throws OrchError `node-not-serving`
 */
export async function checkPassages(
  nodes: readonly NodeSpec[],
  asLoaded: (node: NodeSpec) => NodeSpec,
  serves: (node: NodeSpec) => Promise<boolean>,
): Promise<void> {
  for (const node of nodes) {
    const loaded = asLoaded(node);
    if (loaded === node || (await serves(loaded))) continue;
    throw new OrchError(
      'node-not-serving',
      `${node.name} answers at ${shownUrl(node.url)}, but not through the proxy at ${shownUrl(loaded.url)}`,
      {
        hint: 'A Toxiproxy must be able to reach the node, and be reached on any port: in a container, with the network of its host.',
      },
    );
  }
}

/** The commands for those that are containers which do not run: only of these is known why they do not answer. */
async function commandsFor(
  silent: readonly NodeSpec[],
  { driver, name }: ChosenDriver,
): Promise<readonly string[]> {
  if (driver === null || name !== 'docker') return [];
  const managed = silent.filter((node) => node.managed);
  const commands = await Promise.all(
    managed.map(async (node) => {
      const sighting = await driver.observe(node.name).catch(() => null);
      return sighting === null ? null : commandFor(sighting.state, sighting.incarnation);
    }),
  );
  return commands.flatMap((command) => (command === null ? [] : [`\`${command}\``]));
}
