import type { Places } from './metrics-reader-row.ts';

/** What is to be done with a column. */
export const column = {
  passOver: 0,
  timestamp: 1,
  node: 2,
  status: 3,
  latency: 4,
  error: 5,
  outcome: 6,
  phase: 7,
  op: 8,
} as const;

/** What is to be done with each column of a file, in the order in which they stand there. */
export function kindsOf(places: Places): Uint8Array {
  const kinds = new Uint8Array(places.count);
  for (const name of ['timestamp', 'node', 'status', 'latency', 'error', 'outcome', 'phase', 'op'] as const) {
    if (places[name] >= 0) kinds[places[name]] = column[name];
  }
  return kinds;
}
