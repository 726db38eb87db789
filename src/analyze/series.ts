import { OrchError } from '../model/errors.ts';
import type { RunMetric, SeriesAnalysis } from '../model/series-analysis.ts';
import type { RunDir } from '../store/run-dir.ts';
import { compareSamples, confidence, pairsMissing, type Samples } from './compare-samples.ts';
import { runFindings } from './findings.ts';
import { type MeasuredRun, measureRun } from './measure.ts';

const metrics: readonly RunMetric[] = [
  'throughput_rps',
  'goodput_rps',
  'error_rate',
  'p50_latency_ms',
  'p95_latency_ms',
  'p99_latency_ms',
];
/** Runs whose lengths differ by more are not runs of one kind. */
const lengthDifference = 0.1;

export interface SeriesOptions {
  readonly seriesId: string | null;
  readonly baselines: readonly RunDir[];
  readonly runs: readonly RunDir[];
  /** A difference up to this share of the baseline’s median does not matter. */
  readonly effect: number;
}

/** A run that counts, or why it does not. */
type Reading = Pick<MeasuredRun, 'id' | 'summary'> & {
  readonly why: string | null;
  readonly warnings: string[];
};

/**
 * Holds runs against baselines, each as one observation. Runs that show nothing are left out.
 * @throws OrchError `no-data` where one of the two has no run that counts; else as `measureRun`
 */
export async function analyzeSeries(options: SeriesOptions): Promise<SeriesAnalysis> {
  const leftOut: { readonly run_id: string; readonly why: string }[] = [];
  const warnings: string[] = [];
  const counting = async (dirs: readonly RunDir[], what: string) => {
    const read: Reading[] = [];
    // One after the other: the rows of two large runs need not be in memory together.
    for (const dir of dirs) read.push(await readingOf(dir));
    for (const { id, why } of read) if (why !== null) leftOut.push({ run_id: id, why });
    const good = read.filter(({ why }) => why === null);
    warnings.push(...good.flatMap(({ id, warnings: own }) => own.map((text) => `${id}: ${text}`)));
    if (good.length > 0) return good;
    const details = leftOut.map(({ run_id, why }) => `${run_id}: ${why}`);
    throw new OrchError('no-data', `there is no ${what} from which anything can be concluded`, { details });
  };
  const baselines = await counting(options.baselines, 'baseline');
  const runs = await counting(options.runs, 'run');
  const compared = compareSamples(samplesOf(baselines, runs), options.effect);
  return {
    series_id: options.seriesId,
    baseline_ids: baselines.map(({ id }) => id),
    run_ids: runs.map(({ id }) => id),
    left_out: leftOut,
    confidence,
    metrics: compared,
    conclusive: compared.some(({ verdict }) => verdict !== 'undecided'),
    pairs_missing: pairsMissing(baselines.length, runs.length, compared.length),
    warnings: [...lengthWarnings([...baselines, ...runs]), ...warnings],
  };
}

async function readingOf(dir: RunDir): Promise<Reading> {
  const measured = await measureRun(dir);
  const { id, summary, manifest } = measured;
  const findings = runFindings(measured);
  const grave = findings.filter((finding) => finding.grave).map(({ text }) => text);
  const unfinished = manifest !== null && manifest.status !== 'complete';
  const reasons = [...(unfinished ? [`it is ${manifest.status}, not complete`] : []), ...grave];
  return {
    id,
    summary,
    why: reasons.length === 0 ? null : reasons.join('; '),
    warnings: findings.map(({ text }) => text),
  };
}

/** The metrics of which every run has a value: where no request was sent, there is no latency. */
function samplesOf(baselines: readonly Reading[], runs: readonly Reading[]): readonly Samples[] {
  const values = (of: readonly Reading[], metric: RunMetric) =>
    of.map(({ summary }) => summary[metric]).filter((value) => value !== null);
  return metrics
    .map((metric) => ({ metric, baseline: values(baselines, metric), run: values(runs, metric) }))
    .filter(({ baseline, run }) => baseline.length === baselines.length && run.length === runs.length);
}

function lengthWarnings(all: readonly Reading[]): string[] {
  const lengths = all.map(({ summary }) => summary.duration_sec);
  const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
  if (longest <= shortest * (1 + lengthDifference)) return [];
  return [`the runs are of different lengths, from ${shortest.toFixed(1)} to ${longest.toFixed(1)} s`];
}
