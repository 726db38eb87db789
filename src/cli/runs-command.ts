import { type ExitCode, exitCode, messageOf, OrchError } from '../model/errors.ts';
import { holderOf } from '../control/lock.ts';
import type { Manifest, RunStatus } from '../model/manifest.ts';
import { runLock } from '../run/locks.ts';
import { listRunIds } from '../store/find-run.ts';
import { readManifest } from '../store/manifest-reader.ts';
import { metricsPath } from '../store/metrics-reader-file.ts';
import { type RunDir, runDir } from '../store/run-dir.ts';
import { percent } from './numbers.ts';
import type { CommonOptions } from './options.ts';
import { table } from './table.ts';
import type { World } from './world.ts';

/** A run of another origin has rows and no manifest. */
type WithoutManifest = 'foreign' | 'no data' | 'unreadable';

/** A run that holds its lock goes on; one that does not was cut off, unless it is another machine's. Any may have left something broken. */
type Unfinished = 'cut off' | 'left broken' | 'elsewhere';

interface Listed {
  readonly run_id: string;
  readonly status: RunStatus | Unfinished | WithoutManifest;
  /** Whether anything may be concluded from it; null where that is not known. */
  readonly conclusive: boolean | null;
  readonly scenario: string | null;
  readonly mode: string | null;
  readonly started_at: string | null;
  readonly due: number | null;
  readonly error_rate: number | null;
}

export async function runsCommand(
  world: World,
  options: CommonOptions & { readonly json?: boolean },
): Promise<ExitCode> {
  const ids = await listRunIds(options.runs);
  const listed = await Promise.all(ids.map((id) => describe(options.runs, id, world.host.name)));
  const byStart = listed.toSorted((a, b) => (a.started_at ?? '').localeCompare(b.started_at ?? ''));
  if (options.json === true) world.stdout.write(`${JSON.stringify(byStart, null, 2)}\n`);
  else if (byStart.length === 0)
    world.stdout.write(`no runs in ${options.runs} yet: \`orch run\` makes one\n`);
  else
    world.stdout.write(
      `${table(['run', 'status', 'scenario', 'mode', 'started', 'due', 'errors'], byStart.map(row), false)}\n`,
    );
  return exitCode.passed;
}

async function describe(runsRoot: string, id: string, host: string): Promise<Listed> {
  const run = runDir(runsRoot, id);
  const { manifest, problem } = await readManifest(run.manifest).catch((error: unknown) => ({
    manifest: null,
    problem: messageOf(error),
  }));
  if (manifest === null) {
    return {
      run_id: id,
      status: problem === null ? await withoutManifest(run) : 'unreadable',
      conclusive: null,
      scenario: null,
      mode: null,
      started_at: null,
      due: null,
      error_rate: null,
    };
  }
  const { due, ok } = manifest.counts;
  return {
    run_id: id,
    status: await statusOf(run, manifest, host),
    conclusive: manifest.status === 'running' ? null : manifest.conclusive,
    scenario: manifest.scenario.name,
    mode: manifest.mode,
    started_at: new Date(manifest.started_at_sec * 1000).toISOString(),
    due,
    error_rate: due === 0 ? null : (due - ok) / due,
  };
}

async function statusOf(run: RunDir, manifest: Manifest, host: string): Promise<Listed['status']> {
  const { status, still_broken: broken } = manifest;
  if (status !== 'running') return broken.length === 0 ? status : 'left broken';
  // Whether it goes on there cannot be seen from here.
  if (manifest.host.name !== host) return 'elsewhere';
  return (await holderOf(runLock(run.path))) === undefined ? 'cut off' : 'running';
}

async function withoutManifest(run: RunDir): Promise<WithoutManifest> {
  try {
    await metricsPath(run);
    return 'foreign';
  } catch (error) {
    return error instanceof OrchError && error.code === 'file-not-found' ? 'no data' : 'unreadable';
  }
}

function row(listed: Listed): readonly string[] {
  const { run_id, scenario, mode, started_at, due, error_rate } = listed;
  return [
    run_id,
    statusText(listed),
    scenario ?? '–',
    mode ?? '–',
    started_at?.slice(0, 19).replace('T', ' ') ?? '–',
    due === null ? '–' : String(due),
    percent(error_rate),
  ];
}

function statusText({ status, conclusive }: Listed): string {
  if (status === 'cut off' || status === 'left broken') return `${status} (orch recover)`;
  return status === 'complete' && conclusive === false ? 'complete, inconclusive' : status;
}
