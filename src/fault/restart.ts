import type { Fault, SpecOf } from './fault.ts';
import { stop } from './stop.ts';

/** A restart of a node that runs is a stop whose undo follows at once. */
export const restart: Fault<SpecOf<'stop' | 'restart'>> = {
  ...stop,
  kind: 'restart',
  participle: () => 'stopped for a restart',
};
