import { OrchError } from '../model/errors.ts';
import type { RunMetric, SeriesAnalysis } from '../model/series-analysis.ts';
import type { RunDir } from '../store/run-dir.ts';
import { compareSamples, pairsMissing, type Samples } from './compare-samples.ts';
import { measureRun } from './measure.ts';
import { lengthWarnings, type Observation, observationOf } from './observation.ts';
import { seriesWrites } from './series-writes.ts';
import { confidence } from './verdict.ts';

const metrics: readonly RunMetric[] = [
  'throughput_rps',
  'goodput_rps',
  'error_rate',
  'p50_latency_ms',
  'p95_latency_ms',
  'p99_latency_ms',
];

export interface SeriesOptions {
  readonly seriesId: string | null;
  readonly baselines: readonly RunDir[];
  readonly runs: readonly RunDir[];
  /** A difference up to this share of the baseline’s median does not matter. */
  readonly effect: number;
}

/**
 * Holds runs against baselines, each as one observation. Runs that show nothing are left out.
 * @throws OrchError `no-data` where one of the two has no run that counts; else as `measureRun`
 */
export async function analyzeSeries(options: SeriesOptions): Promise<SeriesAnalysis> {
  const leftOut: { readonly run_id: string; readonly why: string }[] = [];
  const warnings: string[] = [];
  const counting = (read: readonly Observation[], what: string) => {
    for (const { id, why } of read) if (why !== null) leftOut.push({ run_id: id, why });
    const good = read.filter(({ why }) => why === null);
    warnings.push(...good.flatMap(({ id, warnings: own }) => own.map((text) => `${id}: ${text}`)));
    if (good.length > 0) return good;
    const details = leftOut.map(({ run_id, why }) => `${run_id}: ${why}`);
    throw new OrchError('no-data', `there is no ${what} from which anything can be concluded`, { details });
  };
  const all = { baseline: await observed(options.baselines), run: await observed(options.runs) };
  const baselines = counting(all.baseline, 'baseline');
  const runs = counting(all.run, 'run');
  const compared = compareSamples(samplesOf(baselines, runs), options.effect);
  return {
    series_id: options.seriesId,
    baseline_ids: baselines.map(({ id }) => id),
    run_ids: runs.map(({ id }) => id),
    left_out: leftOut,
    confidence,
    metrics: compared,
    writes: { baseline: seriesWrites(all.baseline), run: seriesWrites(all.run) },
    conclusive: compared.some(({ verdict }) => verdict !== 'undecided'),
    pairs_missing: pairsMissing(baselines.length, runs.length, compared.length),
    warnings: [...lengthWarnings([...baselines, ...runs]), ...warnings],
  };
}

async function observed(dirs: readonly RunDir[]): Promise<readonly Observation[]> {
  const read: Observation[] = [];
  // One after the other: the rows of two large runs need not be in memory together.
  for (const dir of dirs) read.push(observationOf(await measureRun(dir)));
  return read;
}

/** The metrics of which every run has a value: where no request was sent, there is no latency. */
function samplesOf(baselines: readonly Observation[], runs: readonly Observation[]): readonly Samples[] {
  const values = (of: readonly Observation[], metric: RunMetric) =>
    of.map(({ summary }) => summary[metric]).filter((value) => value !== null);
  return metrics
    .map((metric) => ({ metric, baseline: values(baselines, metric), run: values(runs, metric) }))
    .filter(({ baseline, run }) => baseline.length === baselines.length && run.length === runs.length);
}
