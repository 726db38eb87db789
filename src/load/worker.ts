import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type LoadThread, startLoadThread } from './load-thread.ts';
import type { Order, ThreadSpec } from './orders.ts';

/** A thread that makes its share of a run's load: it does what src/load/fleet.ts orders. What it cannot do ends it. */

const port = parentPort;
if (port === null) throw new Error('this is the entry of a thread');
// What a thread is made with is its maker's to get right.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const spec = workerData as ThreadSpec;
const sent = new Int32Array(spec.sent);
let heard = 0;

const thread: LoadThread = await startLoadThread(spec, {
  tell: (telling) => port.postMessage(telling),
  listen,
  close: () => port.close(),
});
port.on('message', hear);
port.postMessage({ type: 'ready' });

function hear(order: Order): void {
  heard = (heard + 1) | 0;
  thread.obey(order);
}

/** Hears at once what was ordered, though the turn of this thread's messages has not come. */
function listen(): void {
  while (heard !== Atomics.load(sent, 0)) {
    const received: { message: Order } | undefined = receiveMessageOnPort(port!);
    if (received === undefined) return;
    hear(received.message);
  }
}
