import type { Fault } from './fault.ts';
import { stop } from './stop.ts';

/** A restart of a node that runs is a stop whose undo follows at once. */
export const restart: Fault = { ...stop, kind: 'restart', participle: 'stopped for a restart' };
