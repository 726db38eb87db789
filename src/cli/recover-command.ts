import { stat } from 'node:fs/promises';
import { sleep } from '../clock/clock.ts';
import { takeLock } from '../control/lock.ts';
import { formatDuration } from '../model/duration.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import { holderText, runLock } from '../run/locks.ts';
import { rescue, type Rescued } from '../run/rescue.ts';
import { patienceMs, refusals } from '../run/undo.ts';
import { isElsewhere, type Survey, surveyRuns } from '../run/unfinished.ts';
import { findRun } from '../store/find-run.ts';
import { readManifest } from '../store/manifest-reader.ts';
import type { RunDir } from '../store/run-dir.ts';
import { refuseNoPlace } from '../store/json-file.ts';
import type { CommonOptions } from './options.ts';
import { reportError } from './report-error.ts';
import { painter } from './style.ts';
import type { World } from './world.ts';
import { writeJournal } from './write-journal.ts';

export interface RecoverCommandOptions extends CommonOptions {
  /** Also a run of another machine, which must not be going on there. */
  readonly elsewhere?: boolean;
  /** Where the journal of the run that is named is written. */
  readonly journal?: string;
  readonly json?: boolean;
}

/** How long a guardian that is at work is waited for. */
const guardianLimitMs = 330_000;

/** Undoes what any run, or the one named, left in force; what is in order already is left alone. One that fails keeps none from its turn. */
export async function recoverCommand(
  world: World,
  run: string | undefined,
  options: RecoverCommandOptions,
): Promise<ExitCode> {
  const { journal } = options;
  if (journal !== undefined && run === undefined)
    throw new OrchError('usage', '--journal is of one run', {
      hint: 'Name it: orch recover RUN --journal FILE',
    });
  if (journal !== undefined) await refuseNoPlace(journal);
  const { dirs, goingOn } =
    run === undefined
      ? await unfinished(world, options)
      : { dirs: [await findHere(world, run, options)], goingOn: [] };
  const rescued: Rescued[] = [];
  let exit: ExitCode = exitCode.passed;
  for (const dir of dirs) {
    try {
      const one = await recoverRun(world, dir);
      rescued.push(one);
      if (options.json !== true) print(world, one);
      if (one.stillBroken.length > 0) exit = exitCode.undoFailed;
      if (journal !== undefined) exit = await journalOf(world, dir, one, journal, exit);
    } catch (error) {
      world.stderr.write(`${dir.id}: `);
      const code = reportError(world, error);
      if (exit !== exitCode.undoFailed) exit = code;
    }
  }
  if (options.json === true) {
    const told = {
      in_order: exit === exitCode.passed,
      runs: rescued.map(jsonOf),
      going_on: goingOn.map(({ id, pid }) => ({ run_id: id, pid })),
    };
    world.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  } else {
    for (const { id, pid } of goingOn) world.stdout.write(`${id} goes on (pid ${pid})\n`);
    const every = goingOn.length === 0 ? 'every' : 'every other';
    if (dirs.length === 0) world.stdout.write(`${every} run in ${options.runs} is in order\n`);
  }
  return exit;
}

/** Of a run that was taken back, as it had not begun, there is nothing to tell. */
async function journalOf(
  world: World,
  dir: RunDir,
  { hadBegun }: Rescued,
  path: string,
  exit: ExitCode,
): Promise<ExitCode> {
  const { manifest } = await readManifest(dir.manifest);
  if (manifest !== null) return writeJournal(world, path, { manifest, dir, exit });
  const why = hadBegun ? 'its manifest cannot be read' : 'it had not begun';
  world.stderr.write(`${dir.id}: no journal is written, as ${why}\n`);
  return exit;
}

async function unfinished(
  world: World,
  { runs, elsewhere }: RecoverCommandOptions,
): Promise<Pick<Survey, 'goingOn'> & { readonly dirs: readonly RunDir[] }> {
  const isThere = await stat(runs).catch(() => null);
  if (isThere === null)
    throw new OrchError('file-not-found', `there is no directory ${runs}, so no run to recover`, {
      hint: 'Name the directory that the runs are kept in with --runs.',
    });
  const { unfinished: found, goingOn } = await surveyRuns(runs);
  const away = elsewhere === true ? [] : found.filter((one) => isElsewhere(one, world.host.name));
  for (const { dir, host, problem } of away) {
    world.stderr.write(
      `${dir.id} ${problem}, or goes on, on another machine (${host}): \`orch recover ${dir.id}\` there\n`,
    );
  }
  return { dirs: found.filter((one) => !away.includes(one)).map(({ dir }) => dir), goingOn };
}

/** @throws OrchError `run-not-found`; `run-elsewhere` for one of another machine, where it may go on unseen from here */
async function findHere(
  world: World,
  run: string,
  { runs, elsewhere }: RecoverCommandOptions,
): Promise<RunDir> {
  const dir = await findRun(runs, run);
  const { manifest } = await readManifest(dir.manifest);
  const host = manifest?.host.name ?? world.host.name;
  if (host === world.host.name || elsewhere === true) return dir;
  throw new OrchError('run-elsewhere', `the run ${dir.id} was made on another machine (${host})`, {
    hint: 'Recover it there. If that machine is no more, say --elsewhere here, where its Docker Engine must be the same.',
  });
}

async function recoverRun(world: World, dir: RunDir): Promise<Rescued> {
  const { clock, pid } = world;
  const owner = { role: 'recover', pid, run_id: dir.id } as const;
  const endMs = clock.now() + guardianLimitMs;
  for (let attempt = 0; ; attempt += 1) {
    const claim = await takeLock(runLock(dir.path), owner);
    if (claim.lock !== null) {
      world.stderr.write(`${dir.id}: comparing its journal with what is there …\n`);
      try {
        const { reach, tidy } = world.connections;
        const why = 'orch was killed';
        return await rescue({ dir, clock, by: 'recover', pid, why, patienceMs, refusals, reach, tidy });
      } finally {
        await claim.lock.release();
      }
    }
    const { owner: holder } = claim;
    if (holder?.role === 'run')
      throw new OrchError('run-active', `${dir.id} goes on (pid ${holder.pid})`, {
        hint: `Let it finish, or end it: kill -INT ${holder.pid}`,
      });
    if (holder?.role !== 'guardian' || clock.now() > endMs)
      throw new OrchError('run-active', `the run ${dir.id} is in the hands of ${holderText(holder)}`, {
        hint: 'Let that finish, or end it, then try again.',
      });
    if (attempt === 0) {
      const limit = formatDuration(guardianLimitMs);
      world.stderr.write(
        `${dir.id}: waiting up to ${limit} for its guardian (pid ${holder.pid}) to finish …\n`,
      );
    }
    await sleep(clock, 200);
  }
}

function print(world: World, rescued: Rescued): void {
  const { runId, wasCutOff, hadBegun, undone, superseded, ended, stillBroken, writes, problems } = rescued;
  const paint = painter(world.stdout);
  const lines = [
    ...undone.map((text) => `  ${paint('green', 'undone')}: ${text}`),
    ...superseded.map((text) => `  nothing of ours left to undo: ${text}`),
    ...ended.map((text) => `  ended: ${text}`),
    ...stillBroken.map((text) => `  ${paint('red', 'STILL BROKEN')}: ${text}`),
    ...writes.map((text) => `  read back: ${text}`),
  ];
  if (!hadBegun)
    lines.push('  it was killed before it had begun: nothing was disturbed, and its directory is taken back');
  else if (wasCutOff) lines.push('  it was cut off; its event log and manifest are finished now');
  const head =
    stillBroken.length > 0 ? 'is not in order' : lines.length === 0 ? 'is in order' : 'is in order again';
  // What makes it uncertain that all is well is told with that.
  const further = problems.filter((problem) => !stillBroken.some((text) => text.includes(problem)));
  for (const problem of further) lines.push(`  ${paint('yellow', 'warning')}: ${problem}`);
  world.stdout.write(`${[`${paint('bold', runId)} ${head}`, ...lines].join('\n')}\n`);
}

function jsonOf(rescued: Rescued): object {
  const { runId, wasCutOff, hadBegun, undone, superseded, ended, stillBroken, writes, problems } = rescued;
  return {
    run_id: runId,
    was_cut_off: wasCutOff,
    had_begun: hadBegun,
    undone,
    superseded,
    ended,
    still_broken: stillBroken,
    writes,
    problems,
  };
}
