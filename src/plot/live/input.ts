import type { FineWindow } from '../../model/recovery.ts';
import type { RunChartInput } from '../input.ts';

/** What the live chart is drawn from: a run by itself, or a whole Analysis. */
export type LiveChartInput = RunChartInput & {
  /** Those that were found in single requests. */
  readonly windows?: readonly FineWindow[];
};
