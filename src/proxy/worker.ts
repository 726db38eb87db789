import { parentPort } from 'node:worker_threads';
import { messageOf } from '../model/errors.ts';
import { Link } from './link.ts';
import type { Answer, Message, Order, OrderType } from './orders.ts';

/** The worker thread in which the proxy’s sockets live: it does what src/proxy/proxy.ts asks of it. */

const links = new Map<string, Link>();

parentPort?.on('message', (message: Message) => {
  if (message === 'end') parentPort?.close();
  else void answer(message);
});

async function answer(order: Order): Promise<void> {
  const { id } = order;
  try {
    parentPort?.postMessage({ id, answer: await carryOut(order) });
  } catch (error) {
    parentPort?.postMessage({ id, error: messageOf(error) });
  }
}

async function carryOut(order: Order): Promise<Answer<OrderType>> {
  if (order.type === 'open') {
    const link = await Link.open(order.spec, order.seed);
    links.set(order.link, link);
    return { localPort: link.localPort };
  }
  const link = links.get(order.link);
  if (link === undefined) throw new Error(`the fault proxy has no link ${order.link}`);
  switch (order.type) {
    case 'set':
      link.set(order.marker, order.spec);
      return null;
    case 'clear':
      link.clear(order.marker);
      return null;
    case 'look':
      return link.inForce;
    case 'count':
      return link.counters;
    case 'close':
      links.delete(order.link);
      await link.close();
      return null;
  }
}
