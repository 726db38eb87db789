import { findRun } from '../store/find-run.ts';
import { sleep } from '../clock/clock.ts';
import { takeLock } from '../control/lock.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import { holderText, runLock } from '../run/locks.ts';
import { rescue, type Rescued } from '../run/rescue.ts';
import { findUnfinished } from '../run/unfinished.ts';
import type { RunDir } from '../store/run-dir.ts';
import type { CommonOptions } from './options.ts';
import { painter } from './style.ts';
import type { World } from './world.ts';

export interface RecoverCommandOptions extends CommonOptions {
  readonly json?: boolean;
}

/** How long each run is tried, while an engine restarts for example. */
const patienceMs = 60_000;
/** How long a guardian that is at work is waited for. */
const guardianLimitMs = 330_000;

/** Undoes what any run, or the one named, left in force; what is in order already is left alone. */
export async function recoverCommand(
  world: World,
  run: string | undefined,
  options: RecoverCommandOptions,
): Promise<ExitCode> {
  const dirs =
    run === undefined
      ? (await findUnfinished(options.runs)).map(({ dir }) => dir)
      : [await findRun(options.runs, run)];
  const rescued: Rescued[] = [];
  for (const dir of dirs) {
    const one = await recoverRun(world, dir);
    rescued.push(one);
    if (options.json !== true) print(world, one);
  }
  const stillBroken = rescued.some((one) => one.stillBroken.length > 0);
  if (options.json === true) {
    const told = { in_order: !stillBroken, runs: rescued.map(jsonOf) };
    world.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  } else if (rescued.length === 0) world.stdout.write(`every run in ${options.runs} is in order\n`);
  return stillBroken ? exitCode.undoFailed : exitCode.passed;
}

async function recoverRun(world: World, dir: RunDir): Promise<Rescued> {
  const { clock, pid, interrupt } = world;
  const owner = { role: 'recover', pid, run_id: dir.id } as const;
  const endMs = clock.now() + guardianLimitMs;
  for (let attempt = 0; ; attempt += 1) {
    const claim = await takeLock(runLock(dir.path), owner);
    if (claim.lock !== null) {
      world.stderr.write(`${dir.id}: comparing its journal with what is there …\n`);
      try {
        const reach = world.connections.reach;
        return await rescue({ dir, clock, by: 'recover', why: 'orch was killed', patienceMs, reach });
      } finally {
        await claim.lock.release();
      }
    }
    const { owner: holder } = claim;
    if (holder?.role !== 'guardian' || clock.now() > endMs || interrupt.aborted) {
      throw new OrchError('run-active', `${dir.id} is in the hands of ${holderText(holder)}`, {
        hint:
          holder?.role === 'run'
            ? `It still goes on. To end it: kill -INT ${holder.pid}`
            : 'Let that finish, then try again.',
      });
    }
    if (attempt === 0)
      world.stderr.write(`${dir.id}: waiting for its guardian (pid ${holder.pid}) to finish …\n`);
    await sleep(clock, 200, interrupt);
  }
}

function print(
  world: World,
  { runId, wasCutOff, hadBegun, undone, superseded, ended, stillBroken }: Rescued,
): void {
  const paint = painter(world.stdout);
  const lines = [
    ...undone.map((text) => `  ${paint('green', 'undone')}: ${text}`),
    ...superseded.map((text) => `  nothing of ours left to undo: ${text}`),
    ...ended.map((text) => `  ended: ${text}`),
    ...stillBroken.map((text) => `  ${paint('red', 'STILL BROKEN')}: ${text}`),
  ];
  if (!hadBegun)
    lines.push('  it was killed before it had begun: nothing was disturbed, and its directory is taken back');
  else if (wasCutOff) lines.push('  it was cut off; its event log and manifest are finished now');
  const head =
    lines.length === 0 ? 'is in order' : stillBroken.length === 0 ? 'is in order again' : 'is not in order';
  world.stdout.write(`${[`${paint('bold', runId)} ${head}`, ...lines].join('\n')}\n`);
}

function jsonOf({ runId, wasCutOff, hadBegun, undone, superseded, ended, stillBroken }: Rescued): object {
  return {
    run_id: runId,
    was_cut_off: wasCutOff,
    had_begun: hadBegun,
    undone,
    superseded,
    ended,
    still_broken: stillBroken,
  };
}
