import { parentPort, workerData } from 'node:worker_threads';
import { sharedOffsetMs } from './shared.ts';

/** The thread of an `AlarmClock`: sleeps to the microsecond until the time it is set to, then says so. */

// What a thread is made with is its maker's to get right.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const memory = workerData as SharedArrayBuffer;
const setting = new Int32Array(memory, 0, 1);
const times = new Float64Array(memory, 8, 1);
const offsetMs = sharedOffsetMs();

for (;;) {
  // Each setting has a number of its own: one that comes while this one is looked at is seen at once.
  const number = Atomics.load(setting, 0);
  const leftMs = times[0]! - offsetMs - performance.now();
  if (leftMs > 0 && Atomics.wait(setting, 0, number, leftMs) !== 'timed-out') continue;
  parentPort?.postMessage(null);
  Atomics.wait(setting, 0, number);
}
