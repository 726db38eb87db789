import { messageOf } from '../model/errors.ts';

/** How a run ended. */
export interface Ending {
  readonly status: 'complete' | 'stopped' | 'interrupted' | 'failed';
  readonly reason: string | null;
  /** What made the run fail; undefined otherwise. */
  readonly error: unknown;
}

export const complete: Ending = { status: 'complete', reason: null, error: undefined };

/** A stop condition that held for its time: the reason for ending a run early. */
export class Tripped {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** By the reason for which a run was ended early: a string is that of an interruption, any other a failure of our own. */
export function endingBy(reason: unknown): Ending {
  if (reason instanceof Tripped) return { status: 'stopped', reason: reason.why, error: undefined };
  if (typeof reason === 'string') return { status: 'interrupted', reason, error: undefined };
  return { status: 'failed', reason: messageOf(reason), error: reason };
}
