import type { LoadedScenario } from '../config/load.ts';
import type { SeriesReport } from '../gate/judge-series.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import type { Manifest, SeriesPlace } from '../model/manifest.ts';
import { baselineObstacles } from '../run/without-faults.ts';
import { checkRunId, makeRunId } from '../store/run-id.ts';
import type { GateOptions } from './gate-options.ts';
import { type FinishedPair, judgeMadeSeries } from './judge-series.ts';
import { newSeed, parsePairs } from './options.ts';
import { type PerformedRun, performRun } from './perform-run.ts';
import { reportOutcome } from './report-outcome.ts';
import { resolvePlan } from './resolve-plan.ts';
import type { RunRequest } from './run-request.ts';
import { painter } from './style.ts';
import type { World } from './world.ts';

interface SeriesOptions {
  readonly repeat?: string;
  readonly baselineScenario?: string;
  readonly baseline?: string;
  readonly journal?: string;
}

/** Options that are about a single run. */
const ofOneRun = ['baseline', 'journal'] as const;

/**
 * The series that was asked for; null where that is a run by itself.
 * @throws OrchError `usage`
 */
export function seriesAsked(
  options: SeriesOptions,
): { readonly pairs: number; readonly baseline: string | undefined } | null {
  const { repeat, baselineScenario } = options;
  if (repeat === undefined) {
    if (baselineScenario === undefined) return null;
    throw new OrchError('usage', '--baseline-scenario means something with --repeat only');
  }
  const other = ofOneRun.find((name) => options[name] !== undefined);
  if (other !== undefined)
    throw new OrchError('usage', `--${other} is of one run, and --repeat makes several`);
  return { pairs: parsePairs(repeat), baseline: baselineScenario };
}

export interface RepeatOptions {
  readonly pairs: number;
  /** What the runs are held against; null for their own scenario without its faults. */
  readonly baseline: LoadedScenario | null;
  readonly json: boolean;
  readonly gates: GateOptions;
}

/** After these the series goes on: the nodes are as they were. */
const goesOn: readonly ExitCode[] = [exitCode.passed, exitCode.inconclusive];

/**
 * Runs a scenario again and again, each run beside a baseline with the same seed. Which of the two comes first alternates, so
 * that what changes slowly favours neither. What keeps nodes from being as they were, or interrupts, ends the series; the runs
 * until then are as good as any.
 */
export async function repeatRun(
  world: World,
  request: RunRequest,
  options: RepeatOptions,
): Promise<ExitCode> {
  const paint = painter(world.stderr);
  const seed = request.seed ?? newSeed();
  const mode = await settledMode(world, request, seed, options.baseline);
  const id = request.runId ?? makeRunId(request.scenario.value.name, mode, world.clock.wall());
  const places = placesOf(id, options);
  for (const place of places) checkRunId(runIdOf(place));
  const finished: PerformedRun[] = [];
  const told = (verdict: SeriesReport | null, code: ExitCode) => {
    const manifests = finished.map(({ manifest }) => manifest);
    world.stdout.write(options.json ? seriesJson(id, manifests, verdict, code) : `${id}\n`);
    return code;
  };
  let exit: ExitCode = exitCode.passed;
  try {
    for (const place of places) {
      const { pair, side, faults_left_out } = place;
      const what = faults_left_out ? `${side}, without the faults` : side;
      world.stderr.write(
        `\n${paint('cyan', `== run ${finished.length + 1} of ${places.length}: pair ${pair}, ${what}`)}\n`,
      );
      const performed = await performRun(world, {
        ...request,
        scenario: side === 'baseline' ? (options.baseline ?? request.scenario) : request.scenario,
        mode,
        seed: (seed + pair - 1) % 2 ** 31,
        runId: runIdOf(place),
        series: place,
      });
      reportOutcome(world, performed);
      finished.push(performed);
      if (performed.exit !== exitCode.passed) exit = performed.exit;
      if (!goesOn.includes(exit)) break;
    }
  } finally {
    const complete = finished.filter(({ manifest }) => manifest.status === 'complete');
    const next = pairsOf(complete).length === 0 ? '' : `; orch analyze --series ${id}`;
    world.stderr.write(`\n${id}: ${finished.length} of ${places.length} runs were made${next}\n`);
  }
  if (exit === exitCode.interrupted) return told(null, exit);
  const { pairs, gates } = options;
  const judged = await judgeMadeSeries(
    world,
    { id, pairs, finished: pairsOf(finished), loaded: request.loaded },
    gates,
  );
  // What ended the series comes before gates. Of a run that shows nothing they have said so, or failed in another one.
  const isDecided = goesOn.includes(exit) && judged.exit !== exitCode.passed;
  return told(judged.report, isDecided ? judged.exit : exit);
}

/** Those of which there are both runs. */
function pairsOf(finished: readonly PerformedRun[]): readonly FinishedPair[] {
  const of = (side: SeriesPlace['side']) => finished.filter(({ manifest }) => manifest.series?.side === side);
  return of('fault').flatMap((fault) => {
    const { pair } = fault.manifest.series ?? {};
    const baseline = of('baseline').find(({ manifest }) => manifest.series?.pair === pair);
    return baseline === undefined ? [] : [{ fault, baseline: baseline.dir }];
  });
}

/**
 * The mode of the runs with faults, which the baselines share.
 * @throws OrchError `usage` where the scenario without its faults is no baseline; else as resolvePlan
 */
async function settledMode(
  world: World,
  { scenario, loaded, mode: asked, driver }: RunRequest,
  seed: number,
  baseline: LoadedScenario | null,
): Promise<Manifest['mode']> {
  const { config } = loaded;
  const wish = driver ?? config.control.driver;
  const { mode, plan } = await resolvePlan(world, { scenario, config, mode: asked, wish, seed });
  const obstacles = baselineObstacles(plan);
  if (baseline !== null || obstacles.length === 0) return mode;
  const message = `scenario ${scenario.value.name} without its faults is no baseline for itself`;
  throw new OrchError('usage', message, {
    details: obstacles,
    hint: 'Name a scenario with the same load and no fault: --baseline-scenario FILE.',
  });
}

/** Baseline and fault, fault and baseline, and so on. */
function placesOf(id: string, { pairs, baseline }: RepeatOptions): readonly SeriesPlace[] {
  return Array.from({ length: pairs }, (_, index) => index + 1).flatMap((pair) => {
    const place = { id, pair, of: pairs } as const;
    const calm = { ...place, side: 'baseline', faults_left_out: baseline === null } as const;
    const faulty = { ...place, side: 'fault', faults_left_out: false } as const;
    return pair % 2 === 1 ? [calm, faulty] : [faulty, calm];
  });
}

/** `night-b1`, `night-f1` */
function runIdOf({ id, side, pair }: SeriesPlace): string {
  return `${id}-${side === 'baseline' ? 'b' : 'f'}${pair}`;
}

function seriesJson(
  id: string,
  finished: readonly Manifest[],
  verdict: SeriesReport | null,
  exit: ExitCode,
): string {
  const runs = finished.map(({ run_id, series, status, reason, conclusive, counts, still_broken }) => {
    const { pair, side } = series ?? {};
    return { run_id, pair, side, status, reason, conclusive, counts, still_broken };
  });
  return `${JSON.stringify({ series_id: id, runs, exit_code: exit, verdict }, null, 2)}\n`;
}
