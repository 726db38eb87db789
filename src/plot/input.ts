import type { Analysis } from '../model/analysis.ts';

/**
 * What the chart over time is drawn from: a run by itself, or a whole Analysis.
 * With a baseline's summary and thresholds it also shows the mean to hold the run against and where anomalies begin.
 */
export type RunChartInput = Pick<
  Analysis,
  'run_id' | 'scenario' | 'seconds' | 'faults' | 'phases' | 'anomaly_windows'
> &
  Partial<Pick<Analysis, 'baseline_id' | 'thresholds'>> & {
    readonly baseline_summary?: Pick<Analysis['baseline_summary'], 'throughput_rps'>;
  };
