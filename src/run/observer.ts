import type { LiveSample } from '../load/live.ts';
import type { RunEvent } from '../model/event.ts';

/** What somebody who watches a run sees once a second, and once more when every request has its outcome and all is undone. */
export interface Progress {
  readonly phase: string;
  readonly phaseLeftMs: number;
  readonly runMs: number;
  readonly runLeftMs: number;
  /** The arrival rate that is meant at this moment, of all open loads together; null while none of them runs. */
  readonly targetRps: number | null;
  readonly live: LiveSample;
  /** `service-node-2 killed` … */
  readonly broken: readonly string[];
}

export interface RunObserver {
  progress(progress: Progress): void;
  event(event: RunEvent): void;
}

/** Several who watch one run, told in their order. */
export function observers(all: readonly RunObserver[]): RunObserver {
  return {
    progress: (progress) => all.forEach((one) => one.progress(progress)),
    event: (event) => all.forEach((one) => one.event(event)),
  };
}
