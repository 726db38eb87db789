import { type Activity, activityText, lookOfActivity } from '../model/action.ts';
import type { Asking } from './conditions.ts';
import type { Journal } from './journal.ts';

export interface ActivitiesOptions {
  readonly asking: Asking;
  readonly journal: Journal;
}

/** Carries out what a scenario asks of servers and of this machine, beside faults and load. */
export class Activities {
  readonly #options: ActivitiesOptions;
  readonly #doubts: string[] = [];

  constructor(options: ActivitiesOptions) {
    this.#options = options;
  }

  /** Those that were not answered as expected: what the run shows after them may mean nothing. */
  get doubts(): readonly string[] {
    return this.#doubts;
  }

  /** @throws OrchError `disk-full`, `write-failed` where it cannot be journaled; then nothing is asked */
  async perform(id: string, activity: Activity, isRollback: boolean, signal: AbortSignal): Promise<void> {
    const { asking, journal } = this.#options;
    const about = {
      type: 'activity',
      id,
      kind: activity.type,
      what: activityText(activity),
      is_rollback: isRollback,
    } as const;
    await journal.write({ ...about, state: 'started' });
    const { holds, evidence } = await asking.look(lookOfActivity(activity), signal);
    if (!holds) this.#doubts.push(`${about.what}: failed (${evidence})`);
    await journal.write({ ...about, state: holds ? 'succeeded' : 'failed', detail: evidence });
  }

  /** One after the other, each whatever became of the one before it. */
  async rollBack(rollbacks: readonly Activity[]): Promise<void> {
    for (const [index, activity] of rollbacks.entries()) {
      const never = new AbortController().signal;
      // A disk that is full keeps no rollback from being carried out, for its intent is in the scenario.
      await this.perform(`r${index + 1}`, activity, true, never).catch(() => {});
    }
  }
}
