import { setTimeout as sleep } from 'node:timers/promises';

/** Long, for Node may never come to the end of a thread that is terminated while a socket of it connects or closes. */
const patienceMs = 15_000;

/** Waits for threads that were told to end, for as long as that may take before they have to be terminated. */
export async function endedOrOverdue(ended: Promise<unknown>): Promise<void> {
  await Promise.race([ended, sleep(patienceMs, undefined, { ref: false })]);
}
