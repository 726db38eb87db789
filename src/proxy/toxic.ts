import type { FaultSpec } from '../model/fault-spec.ts';
import type { Random } from '../model/random.ts';
import type { LinkCounters } from './counters.ts';

/** The kinds of faults that a proxy between a node and who talks to it can bring about. */
export const toxicKinds = [
  'partition',
  'latency',
  'loss',
  'bandwidth',
  'reset',
  'black_hole',
  'slow_close',
  'http_status',
  'http_corrupt',
  'http_abort',
] as const;

export type ToxicKind = (typeof toxicKinds)[number];

export function isToxicKind(kind: FaultSpec['kind']): kind is ToxicKind {
  return toxicKinds.some((one) => one === kind);
}

export type ToxicOf<K extends ToxicKind> = Extract<FaultSpec, { kind: K }>;
export type ToxicSpec = ToxicOf<ToxicKind>;

/** As seen from the node: what it is sent, and what it sends. */
export type Direction = 'in' | 'out';

/** What becomes of a single request. */
export type HttpFault =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'abort' };

/** What a toxic does to one connection, as long as it is in force. Each toxic has the parts that it needs. */
export interface Effect {
  /** Nothing passes in these directions; it is held. */
  readonly silent?: readonly Direction[];
  /** Holds a segment of so many bytes for so many milliseconds from its arrival; Infinity: for good. */
  readonly delayMs?: (direction: Direction, bytes: number) => number;
  /**
   * Holds a segment for so many milliseconds more, for its turn on a line that connections share. Asked as it is due, and
   * the first of its direction, so that none is kept for what a connection that has ended did not send.
   */
  readonly turnMs?: (direction: Direction, bytes: number) => number;
  /** Segments are no longer than this; else they are what was read at once. */
  readonly segmentBytes?: number;
  /** Holds the end of a direction (FIN) for so many milliseconds. */
  readonly closeDelayMs?: number;
  /** The connection is reset once the client was sent so many bytes. */
  readonly resetAfterBytes?: number;
  /** What becomes of the next request; null: nothing. Asked once for each request of the connection, in their order. */
  readonly faultFor?: (path: string) => HttpFault | null;
}

/** What a toxic is told of a connection that it meets. */
export interface Meeting {
  /** True for a connection that is just being made, false for one that is open as the toxic is set. */
  readonly isNew: boolean;
  /** The connection's own draws for this toxic; each stream of them is a sequence of its own. */
  readonly draws: (stream?: string) => Random;
  readonly counters: LinkCounters;
}

/** One disturbance of a link: what it does to each connection that it meets; null: this one goes unharmed. */
export type Toxic = (meeting: Meeting) => Effect | null;
