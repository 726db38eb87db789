import type { LinkCounters } from './counters.ts';
import type { InForce, LinkSpec } from './link-spec.ts';
import type { ToxicSpec } from './toxic.ts';

/** What the main thread may ask of the worker, each with what the worker answers. */
interface Questions {
  open: { ask: { readonly spec: LinkSpec; readonly seed: number }; answer: { readonly localPort: number } };
  set: { ask: { readonly marker: string; readonly spec: ToxicSpec }; answer: null };
  clear: { ask: { readonly marker: string }; answer: null };
  look: { ask: object; answer: readonly InForce[] };
  count: { ask: object; answer: LinkCounters };
  close: { ask: object; answer: null };
}

export type OrderType = keyof Questions;
export type Ask<K extends OrderType> = Questions[K]['ask'];
export type Answer<K extends OrderType> = Questions[K]['answer'];

/** One order, about the link of that name. */
export type Order = {
  [K in OrderType]: { readonly type: K; readonly id: number; readonly link: string } & Ask<K>;
}[OrderType];

/** What the worker is sent: an order, or that there will be no more, whereupon it ends. */
export type Message = Order | 'end';

/** What comes of the order of that id. The answer is of the type that belongs to the order’s. */
export type Reply =
  | { readonly id: number; readonly answer: never }
  | { readonly id: number; readonly error: string };
