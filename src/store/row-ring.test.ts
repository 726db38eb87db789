import { describe, expect, it } from 'vitest';
import { RowRing, wholeRows } from './row-ring.ts';

/** Takes what waits, as text. */
function taken(ring: RowRing): string {
  const bytes = Buffer.concat(ring.waiting);
  ring.take(bytes.length);
  return bytes.toString();
}

describe('a ring of rows', () => {
  it('gives back what was added, over and over, across its end', () => {
    const producer = RowRing.ofSize(64);
    const consumer = new RowRing(producer.memory);
    for (let round = 0; round < 100; round += 1) {
      const rows = Array.from({ length: 1 + (round % 3) }, (_, row) => `${round} ä ${row}\n`);
      for (const row of rows) producer.add(row, 'ok');
      expect(taken(consumer)).toBe(rows.join(''));
    }
    expect(consumer.refusedRows).toBe(0);
  });

  it('takes as many bytes as fit, then refuses for good and counts', () => {
    const ring = RowRing.ofSize(64);
    for (let row = 0; row < 10; row += 1) ring.add('0123456\n', row % 2 === 0 ? 'ok' : 'dropped');
    expect(ring.counts).toEqual({ due: 10, ok: 5, fail: 0, unknown: 0, dropped: 5 });
    expect(wholeRows(Buffer.concat(ring.waiting))).toEqual({ rows: 7, lengthBytes: 56 });
    expect(ring.refusedRows).toBe(3);
    taken(ring);
    ring.add('0123456\n', 'fail');
    expect([ring.refusedRows, ring.counts.fail, taken(ring)]).toEqual([4, 1, '']);
  });
});
