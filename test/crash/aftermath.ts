import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { FaultEvent, RunEvent } from '../../src/model/event.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { followers, mayFollow, openFaults } from '../../src/run/fault-life.ts';
import type { Bench } from './bench.ts';
import type { Crash } from './crash.ts';
import { meansOf } from './kinds.ts';
import type { CrashCase } from './matrix.ts';
import { rowProblems } from './rows.ts';
import { locksHeld, markedBy, portsListening, processesAt } from './system.ts';
import { until } from './until.ts';
import type { Victim } from './victim.ts';

export interface AftermathOptions {
  readonly victim: Victim;
  readonly one: CrashCase;
  /** Unix milliseconds. */
  readonly killedAtMs: number;
  /** What the coordinator had journaled by then. */
  readonly journaled: readonly RunEvent[];
  readonly bench: Bench;
}

const undoLimitMs = 2_000;
const files = ['analysis.json', 'events.jsonl', 'manifest.json', 'metrics.csv'];

/** Has `orch recover` do what is left to it, and looks at everything that a killed run might leave. */
export async function aftermath(
  options: AftermathOptions,
): Promise<Omit<Crash, 'one' | 'missed' | 'engineMended'>> {
  const { victim, one, killedAtMs, journaled, bench } = options;
  const { shop, dir } = victim;
  const problems: string[] = [];
  const isUnfinished = existsSync(dir.manifest) && shop.manifest('r').status === 'running';
  // Nobody watches yet over a run that has only just claimed its directory.
  const isMereClaim = existsSync(dir.path) && !existsSync(dir.manifest);
  const byRecover = one.way === 'both' || isUnfinished || isMereClaim;
  if (isUnfinished && one.way !== 'both' && (journaled.length > 0 || victim.guardian !== undefined))
    problems.push('its guardian left the manifest `running`');
  if (byRecover) {
    const { code, stdout, stderr } = await shop.orch(['recover']);
    if (code !== 0) problems.push(`orch recover exits ${code}: ${stdout}${stderr}`);
  }
  problems.push(...(await leftOver(options)), ...(await bench.problems(shop.directory)));
  problems.push(...(await inOrder(options)));

  const open = openFaults(journaled);
  const faults = victim.events().filter((event) => event.type === 'fault');
  const began = faults.find(({ state, by }) => state === 'undo_requested' && by === 'guardian');
  const undoBeganMs = began === undefined ? null : began.wall_sec * 1000 - killedAtMs;
  if (open.length > 0 && !byRecover && (undoBeganMs === null || undoBeganMs > undoLimitMs))
    problems.push(`the guardian’s undo began ${undoBeganMs === null ? 'never' : `after ${undoBeganMs} ms`}`);
  problems.push(...lifeProblems(faults, one));
  return { problems, wasOpen: open.length > 0, undoBeganMs, byRecover };
}

/** What of the run itself is still there that should not be. */
async function leftOver({
  victim: { shop, dir, locks, ports, guardian },
  one,
  journaled,
}: AftermathOptions): Promise<string[]> {
  const problems: string[] = [];
  await until(2_000, () => processesAt(shop.directory).length === 0);
  for (const { pid, command } of processesAt(shop.directory)) problems.push(`left: ${pid} ${command}`);
  const held = locksHeld();
  for (const name of locks) if (held.has(name)) problems.push(`still locked: ${name}`);
  // What was never seen to be there cannot be seen to have gone.
  if (journaled.length > 0 && locks.size < 3) problems.push(`only ${locks.size} locks were seen`);
  if (journaled.length > 0 && guardian === undefined) problems.push('no guardian was seen');
  if (existsSync(dir.path)) {
    const strangers = readdirSync(dir.path).filter((name) => !files.includes(name));
    for (const name of strangers) problems.push(`left in the run’s directory: ${name}`);
  }
  for (const { id, undo } of requests(journaled)) {
    for (const mark of marksIn(undo))
      for (const trace of markedBy(mark)) problems.push(`left of ${id}: ${trace}`);
    if ((undo?.means ?? null) !== meansOf(one.driver, one.kind))
      problems.push(`${id} was by ${undo?.means ?? 'no means'}, not by ${meansOf(one.driver, one.kind)}`);
    if (undo?.means === 'proxy' && ports.size === 0) problems.push('no port of the proxy was seen');
  }
  const open = () => [...ports].filter((port) => portsListening().has(port));
  await until(2_000, () => open().length === 0);
  for (const port of open()) problems.push(`something listens on the port ${port} of its proxy`);
  const others = readdirSync(shop.path('runs')).filter((name) => name !== basename(dir.path));
  for (const name of others) problems.push(`left beside the run’s directory: ${name}`);
  return problems;
}

/** The intents of its faults. */
function requests(journaled: readonly RunEvent[]): readonly FaultEvent[] {
  return journaled.filter((event) => event.type === 'fault').filter(({ state }) => state === 'requested');
}

/** What is unique to a fault, of all that its means wrote down. */
function marksIn(undo: FaultEvent['undo']): readonly string[] {
  return [...new Set(JSON.stringify(undo?.prepared ?? null).match(/[0-9a-f]{8}-f\d+/g))];
}

/** Whether the run reads as what it is, and `orch recover` finds nothing more to do. */
async function inOrder({ victim: { shop, dir }, killedAtMs }: AftermathOptions): Promise<string[]> {
  const problems: string[] = [];
  const all = shop.orch(['recover']);
  // A run that had not begun is taken back as a whole.
  if (existsSync(dir.manifest)) {
    const manifest = shop.manifest('r');
    const again = shop.orch(['recover', 'r', '--json']);
    problems.push(...(await recordProblems(manifest, { shop, dir }, killedAtMs)));
    const { code, stdout } = await again;
    const told = {
      run_id: 'r',
      was_cut_off: false,
      had_begun: true,
      undone: [],
      superseded: [],
      ended: [],
      still_broken: [],
      writes: [],
      problems: [],
    };
    if (
      code !== 0 ||
      stdout !== `${JSON.stringify({ in_order: true, runs: [told], going_on: [] }, null, 2)}\n`
    )
      problems.push(`orch recover r, a second time, exits ${code}: ${stdout}`);
  } else if (existsSync(dir.path)) problems.push('a run’s directory without a manifest is left');
  const { code, stdout, stderr } = await all;
  if (code !== 0 || !stdout.includes('every run in runs is in order'))
    problems.push(`orch recover, a second time, exits ${code}: ${stdout}${stderr}`);
  return problems;
}

async function recordProblems(
  manifest: Manifest,
  { shop, dir }: Pick<Victim, 'shop' | 'dir'>,
  killedAtMs: number,
): Promise<string[]> {
  const problems: string[] = [];
  const { status, reason, still_broken: stillBroken } = manifest;
  if (status !== 'complete' && status !== 'interrupted') problems.push(`the manifest says \`${status}\``);
  if (stillBroken.length > 0) problems.push(`still broken: ${stillBroken.join('; ')}`);
  const last = shop.events('r').at(-1);
  if (last?.type !== 'run_ended') problems.push(`the last event is ${last?.type}`);
  const rows = await rowProblems(dir, shop.events('r'), killedAtMs);
  problems.push(...rows.problems);
  // One that had saved its last manifest before it was killed was not cut off.
  if (status === 'interrupted' && rows.count > 0) {
    const { stdout, stderr } = await shop.orch(['analyze', '--baseline', 'r', '--run', 'r']);
    if (reason === null || !stdout.includes(reason) || !reason.startsWith('cut off: '))
      problems.push(`orch analyze does not say that it was cut off: ${stdout}${stderr}`);
  }
  return problems;
}

/** Every fault has come to its end, by steps that are allowed. */
function lifeProblems(faults: readonly FaultEvent[], { driver, way }: CrashCase): string[] {
  const problems: string[] = [];
  const states = new Map<string, FaultEvent['state']>();
  for (const { id, state } of faults) {
    const before = states.get(id);
    if (before !== undefined && !mayFollow(before, state)) problems.push(`${id}: ${state} after ${before}`);
    states.set(id, state);
  }
  for (const [id, state] of states) {
    if (followers[state].length > 0) problems.push(`${id} is still ${state}`);
    // Embedded nodes have ended with their run, and an engine that ends stops our containers; nobody else does.
    if (driver === 'docker' && !way.startsWith('engine') && state === 'superseded')
      problems.push(`${id} is held for somebody else’s`);
  }
  return problems;
}
