import type { Clock } from '../clock/clock.ts';
import type { Hands } from '../fault/fault.ts';
import type { LoadGenerator, StartLoad } from '../load/generator.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import type { Manifest } from '../model/manifest.ts';
import type { NodeSpec } from '../model/node.ts';
import type { MetricsWriter } from '../store/metrics-writer.ts';
import type { RunDir } from '../store/run-dir.ts';
import { WriteChecks } from '../writes/write-checks.ts';
import { accountError } from './account.ts';
import type { Asking } from './conditions.ts';
import { Coordinator, type RunOutcome } from './coordinator.ts';
import { beyond } from './blast-radius.ts';
import { FaultDesk } from './fault-desk.ts';
import type { Objection } from './fault-queue.ts';
import { hiddenValue } from '../model/variables.ts';
import { Journal } from './journal.ts';
import type { RunObserver } from './observer.ts';
import type { Plan } from './plan.ts';
import { generatorFacts } from './pace.ts';
import { RunFiles } from './run-files.ts';

/** What a run is, before it has begun: the part of its manifest that is known by then. */
export type RunIdentity = Omit<
  Manifest,
  | 'status'
  | 'reason'
  | 'conclusive'
  | 'started_at_sec'
  | 'ended_at_sec'
  | 'clock_offset_ms'
  | 'counts'
  | 'lost_rows'
  | 'schedule_lag'
  | 'generator'
  | 'still_broken'
  | 'lost_steady_state'
  | 'correctness'
>;

export interface RunOptions {
  readonly identity: RunIdentity;
  readonly plan: Plan;
  readonly dir: RunDir;
  readonly clock: Clock;
  /** The driver already open; null where the plan needs none. The caller closes what is in them. */
  readonly hands: Hands | null;
  /** Unique to this run: letters and digits. What is put beside a node is marked by it. */
  readonly mark: string;
  /** Takes away what stands between load and nodes. Resolves to what could not be, in words for people; never rejects. */
  readonly takeAway: () => Promise<readonly string[]>;
  /** Begins what makes the load: already connected to the nodes; the caller closes it. */
  readonly startLoad: StartLoad;
  /** Whether a node answers, asked of the node itself. */
  readonly serves: (node: NodeSpec) => Promise<boolean>;
  /** Asks something of the system under test; never rejects. */
  readonly look: Asking['look'];
  readonly observer: RunObserver;
  /** An interruption by the user, with its reason as a string. */
  readonly interrupt: AbortSignal;
}

export interface FinishedRun {
  readonly manifest: Manifest;
  readonly outcome: RunOutcome;
  readonly exit: ExitCode;
}

const openingMs = 250;

/**
 * One run in its directory, from the first manifest to the last: rows, events and the manifest are whole whatever ends it.
 * @throws OrchError `disk-full`, `no-permission`, `write-failed` where the run could not even begin
 */
export async function executeRun(options: RunOptions): Promise<FinishedRun> {
  const { identity, plan, dir, clock, look, takeAway, observer, interrupt } = options;
  const failure = new AbortController();
  // The run's zero lies a little ahead, so that the files are open by then.
  const startMs = clock.now() + openingMs;
  const startWallMs = clock.wall() + openingMs;
  const started = startedManifest(identity, startWallMs);
  const onError = (error: OrchError) => failure.abort(error);
  const keepsWrites = plan.writes.length > 0;
  const files = await RunFiles.open({ dir, started, startWallMs, writes: keepsWrites, onError });
  const journal = new Journal({
    clock,
    startMs,
    sink: files.events,
    onEvent: (event) => observer.event(event),
  });
  const load = startLoad(options, startMs, startWallMs, files.metrics, (error) => failure.abort(error));
  const faults = faultDesk(options, journal);
  const writes = await WriteChecks.open({
    checks: plan.writes,
    runId: identity.run_id,
    clock,
    startMs,
    record: (line) => files.writes?.append(line),
    keepsRequests: !Object.values(identity.scenario.variables ?? {}).includes(hiddenValue),
  });
  const stop = AbortSignal.any([interrupt, failure.signal]);
  await clock.sleepUntil(startMs, stop);
  const { name: driver, reason } = identity.driver;
  const begun = journal.write({
    type: 'run_started',
    run_id: identity.run_id,
    driver,
    driver_reason: reason,
  });
  await begun.catch((error: unknown) => failure.abort(error));
  const ended = await new Coordinator({
    plan,
    clock,
    startMs,
    load,
    faults,
    writes,
    objection: objectionOf(options),
    asking: { look, serves: (name) => namedServes(options, name) },
    journal,
    observer,
    stop,
  }).run();
  writes?.close();
  const outcome = { ...ended, undoFailures: [...ended.undoFailures, ...(await takeAway())] };
  const closed = withError(outcome, await files.close());
  const { report } = load;
  const wrong = closed.status === 'failed' ? null : await accountError(report, files.metrics);
  const recorded = withError(closed, wrong);
  const generator = generatorFacts(report, recorded.behindSec);
  const manifest: Manifest = {
    ...started,
    status: recorded.status,
    reason: recorded.reason,
    conclusive:
      recorded.conclusive && !generator.bottleneck && (files.metrics.counts.due > 0 || !isLoaded(plan)),
    ended_at_sec: clock.wall() / 1000,
    clock_offset_ms: clock.wall() - startWallMs - (clock.now() - startMs),
    counts: files.metrics.counts,
    ...(files.metrics.lostRows === 0 ? {} : { lost_rows: files.metrics.lostRows }),
    schedule_lag: report.lag,
    generator,
    still_broken: recorded.undoFailures,
    lost_steady_state: recorded.lostSteadyState,
    ...(recorded.correctness === null ? {} : { correctness: recorded.correctness }),
  };
  const saved = withError(recorded, await files.save(manifest));
  return { manifest, outcome: saved, exit: exitOf(saved, manifest.conclusive) };
}

/** A scenario may only ask and check, with no load of its own; one that checks nothing either shows nothing. */
function isLoaded({ steps, steadyState, writes }: Plan): boolean {
  return (
    (steadyState.length === 0 && writes.length === 0) || steps.some(({ order }) => order.type === 'set_load')
  );
}

/** A run's first manifest: what is known before it has come to anything. */
export function startedManifest(identity: RunIdentity, startWallMs: number): Manifest {
  return {
    ...identity,
    status: 'running',
    reason: null,
    conclusive: false,
    started_at_sec: startWallMs / 1000,
    ended_at_sec: null,
    clock_offset_ms: 0,
    counts: { due: 0, ok: 0, fail: 0, unknown: 0, dropped: 0 },
    schedule_lag: null,
    still_broken: [],
    lost_steady_state: [],
  };
}

function startLoad(
  { identity, plan, clock, startLoad: start }: RunOptions,
  startMs: number,
  startWallMs: number,
  metrics: MetricsWriter,
  onLost: (error: Error) => void,
): LoadGenerator {
  const { seed, config } = identity;
  const { phases, endMs: untilMs } = plan;
  return start({
    clock,
    startMs,
    startWallMs,
    untilMs,
    phases,
    seed,
    settings: config.load,
    metrics,
    onLost,
  });
}

function faultDesk(options: RunOptions, journal: Journal): FaultDesk | null {
  const { identity, clock, hands, mark } = options;
  if (hands === null) return null;
  const overtimeMs = identity.config.control.overtime_sec * 1000;
  return new FaultDesk({
    clock,
    hands,
    journal,
    serves: (name) => namedServes(options, name),
    overtimeMs,
    mark,
  });
}

async function namedServes({ plan, serves }: RunOptions, name: string): Promise<boolean> {
  const node = plan.nodes.find((one) => one.name === name);
  return node !== undefined && serves(node);
}

/** What is down counts, whoever did it: by this run's faults, or by not answering now. */
function objectionOf({ plan, serves }: RunOptions): Objection {
  return async (name, disturbed) => {
    const node = plan.nodes.find((one) => one.name === name);
    if (node === undefined || Object.keys(plan.blastRadius).length === 0) return null;
    const others = plan.nodes.filter((one) => one !== node && !disturbed.includes(one.name));
    const silent = await Promise.all(others.map(async (one) => ((await serves(one)) ? [] : [one.name])));
    return beyond(plan.blastRadius, node, plan.nodes, new Set([...disturbed, ...silent.flat()]));
  };
}

/** An error of the files makes a run fail that had no error yet; it never hides an earlier one. */
function withError(outcome: RunOutcome, error: Error | null): RunOutcome {
  if (error === null || outcome.status === 'failed') return outcome;
  return { ...outcome, status: 'failed', reason: error.message, error };
}

/** A fault that is still in force wins over everything; then the first error; then doubt. */
function exitOf({ status, error, undoFailures, lostSteadyState }: RunOutcome, conclusive: boolean): ExitCode {
  if (undoFailures.length > 0) return exitCode.undoFailed;
  if (status === 'interrupted') return exitCode.interrupted;
  if (status === 'failed') return error instanceof OrchError ? error.exit : exitCode.internal;
  if (lostSteadyState.length > 0) return exitCode.gateFailed;
  return conclusive ? exitCode.passed : exitCode.inconclusive;
}
