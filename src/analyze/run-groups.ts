import type { Manifest } from '../model/manifest.ts';
import type { ComparedRun, RunGroup } from '../model/run-trends.ts';
import type { RunMetric } from '../model/series-analysis.ts';
import { median } from '../stats/quantile.ts';
import { areAlike, type Circumstances, differences } from './circumstances.ts';
import { lengthWarnings } from './observation.ts';
import { type Track, trendsOf } from './trends.ts';

/** A run, and what it was made of. */
export interface PlacedRun {
  readonly run: ComparedRun;
  readonly circumstances: Circumstances;
  readonly manifest: Manifest | null;
}

export interface PlacedGroup {
  readonly group: RunGroup;
  readonly placed: readonly PlacedRun[];
}

const metrics: readonly RunMetric[] = [
  'throughput_rps',
  'error_rate',
  'p50_latency_ms',
  'p95_latency_ms',
  'p99_latency_ms',
];
/** Runs whose arrival rates differ by more had another load. */
const loadDifference = 0.1;

/** Only runs of one group are held against each other. */
export function groupsOf(runs: readonly PlacedRun[], effect: number): readonly PlacedGroup[] {
  const groups: PlacedRun[][] = [];
  for (const one of runs) {
    const own = groups.find(([first]) => areAlike(first!.circumstances, one.circumstances));
    if (own === undefined) groups.push([one]);
    else own.push(one);
  }
  return groups.map((placed) => {
    const [first] = placed;
    return {
      placed,
      group: {
        run_ids: placed.map(({ run }) => run.run_id),
        scenario: first!.run.scenario,
        differs: differences(runs[0]!.circumstances, first!.circumstances),
        trends: trendsOf(tracksOf(counting(placed)), effect),
      },
    };
  });
}

/** What is to be known of runs that are held against each other. */
export function groupWarnings(placed: readonly PlacedRun[]): readonly string[] {
  const runs = counting(placed);
  if (runs.length < 2) return [];
  return [...lengthWarnings(runs), ...loadWarnings(runs), ...machineWarnings(placed)];
}

function counting(placed: readonly PlacedRun[]): readonly ComparedRun[] {
  return placed.map(({ run }) => run).filter(({ left_out: why }) => why === null);
}

function loadWarnings(runs: readonly ComparedRun[]): readonly string[] {
  const rates = runs.map(({ summary }) => summary.due / summary.duration_sec);
  const usual = median(rates);
  if (rates.every((rate) => Math.abs(rate - usual) <= usual * loadDifference)) return [];
  const [lowest, highest] = [Math.min(...rates), Math.max(...rates)].map((rate) => rate.toFixed(1));
  return [`unequal load: from ${lowest} to ${highest} requests a second were due`];
}

function machineWarnings(placed: readonly PlacedRun[]): readonly string[] {
  const hosts = new Set(
    placed.map(({ manifest }) => manifest?.host.name).filter((name) => name !== undefined),
  );
  return hosts.size < 2 ? [] : [`the runs were made on ${hosts.size} machines: ${[...hosts].join(', ')}`];
}

/** One run has no trend. */
function tracksOf(runs: readonly ComparedRun[]): readonly Track[] {
  if (runs.length < 2) return [];
  const plain = metrics.map((metric) => trackOf(metric, runs));
  return [...plain, ...recoveryTracks(runs)].filter(({ values }) => values.length > 0);
}

/** Of the runs that have it: where no request was sent, there is no latency. */
function trackOf(metric: RunMetric, runs: readonly ComparedRun[]): Track {
  const known = runs.flatMap(({ run_id, summary }) => {
    const value = summary[metric];
    return value === null ? [] : [{ run_id, value }];
  });
  return {
    metric,
    fault: null,
    run_ids: known.map(({ run_id }) => run_id),
    values: known.map(({ value }) => value),
    why: null,
  };
}

/** A fault is the same in each run by its number and kind: of which node it is may have been drawn. */
function recoveryTracks(runs: readonly ComparedRun[]): readonly Track[] {
  const all = runs.flatMap(({ run_id, recoveries }) =>
    (recoveries ?? []).map((recovery) => ({ run_id, ...recovery })),
  );
  const byFault = Map.groupBy(all, ({ fault, kind }) => `${fault} ${kind}`);
  return [...byFault.values()].map((own) => {
    const { fault: id, kind } = own[0]!;
    const known = own.flatMap(({ run_id, time_to_recover_sec: value }) =>
      value === null ? [] : [{ run_id, value }],
    );
    const open = own.length - known.length;
    return {
      metric: 'time_to_recover_sec',
      fault: { id, kind },
      run_ids: known.map(({ run_id }) => run_id),
      values: known.map(({ value }) => value),
      // Without them, the runs that took longest would be missing.
      why: open === 0 ? null : `in ${open} of ${own.length} runs it was not over when these were`,
    };
  });
}
