import type { Config } from '../model/config.ts';
import type { PackedHistogram } from '../model/histogram.ts';
import type { NodeSpec } from '../model/node.ts';
import type { LoadChange, LoadContext } from './generator.ts';
import type { Harvest } from './live.ts';
import type { Load } from './load.ts';
import type { PackedTally } from './tally.ts';

/** What a load thread is made with. */
export interface ThreadSpec {
  readonly index: number;
  /** How many threads share the work. */
  readonly of: number;
  readonly config: Config;
  /** Of the run. */
  readonly seed: number;
  /** The nodes that any load goes to. */
  readonly nodes: readonly NodeSpec[];
  /** Whether it goes through a request's way once before it is ready. */
  readonly rehearses: boolean;
  /** How many orders were sent, as one integer in shared memory: who has heard them all need not listen. */
  readonly sent: SharedArrayBuffer;
}

/** What a load thread may be told to do. Times of the run count on whatever clock; orders come in the order they were sent. */
export type Order =
  | ({ readonly type: 'begin' } & Beginning)
  | { readonly type: 'set'; readonly load: Load; readonly fromMs: number }
  | { readonly type: 'stop'; readonly name: string; readonly atMs: number }
  | { readonly type: 'foresee'; readonly changes: readonly LoadChange[] }
  | { readonly type: 'drain' }
  | { readonly type: 'close' };

export interface Beginning
  extends Pick<LoadContext, 'startWallMs' | 'untilMs' | 'phases' | 'seed' | 'settings'> {
  /** The run's zero on the clock that all threads share. */
  readonly sharedStartMs: number;
  /** The thread's own ring of rows. */
  readonly rows: SharedArrayBuffer;
}

/** What a load thread tells. */
export type Telling =
  | { readonly type: 'ready' }
  | ({ readonly type: 'harvest' } & PackedHarvest)
  | { readonly type: 'drained' };

export interface PackedHarvest extends Omit<Harvest, 'recent' | 'lag'> {
  readonly recent: PackedTally;
  readonly lag: PackedHistogram;
}
