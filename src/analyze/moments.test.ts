import { expect, test } from 'vitest';
import { outcomes } from '../model/record.ts';
import { metricsColumns } from '../store/columns.ts';
import { csvOf, type Row, runOf } from '../testing/run-files.ts';
import { readMoments } from './moments.ts';

interface Seen {
  readonly sec: number;
  readonly node: string;
  readonly outcome: string;
  readonly latencyMs: number;
}

async function momentsOf(rows: readonly Row[], fromSec = 0, toSec = Number.POSITIVE_INFINITY) {
  const moments = await readMoments(await runOf({ 'metrics.csv': csvOf(rows, metricsColumns) }));
  const seen: Seen[] = [];
  moments.each(fromSec, toSec, (sec, node, outcome, latencyMs) =>
    seen.push({ sec, node: moments.nodes[node]!, outcome: outcomes[outcome]!, latencyMs }),
  );
  return { moments, seen };
}

const rows: Row[] = [
  { timestamp: '1700000002.500000', node: 'b', latency_ms: 70_000.5, outcome: 'unknown', error: 'timeout' },
  { timestamp: '1700000000.999999', node: 'a', latency_ms: 0.25, outcome: 'ok' },
  { timestamp: '1700000000.250001', node: 'b', latency_ms: 12.345, outcome: 'ok' },
  // A quoted field is read the slow way.
  { timestamp: '1700000000.250002', node: 'a', latency_ms: 12.345, outcome: 'fail', error: 'no, thanks' },
  { timestamp: '1700000002.000000', node: 'a', latency_ms: '', outcome: 'dropped', error: 'dropped' },
];

test('requests come in the order in which they were due, to the microsecond, latencies to within 0.4%', async () => {
  const { moments, seen } = await momentsOf(rows);
  expect(seen.map(({ node, outcome }) => [node, outcome])).toEqual([
    ['b', 'ok'],
    ['a', 'fail'],
    ['a', 'ok'],
    ['a', 'dropped'],
    ['b', 'unknown'],
  ]);
  for (const [index, sec] of [0.250001, 0.250002, 0.999999, 2, 2.5].entries()) {
    expect(seen[index]!.sec).toBeCloseTo(sec, 9);
  }
  for (const [index, ms] of [12.345, 12.345, 0.25, Number.NaN, 70_000.5].entries()) {
    if (Number.isNaN(ms)) expect(seen[index]!.latencyMs).toBeNaN();
    else expect(Math.abs(seen[index]!.latencyMs / ms - 1)).toBeLessThan(0.004);
  }
  expect(moments).toMatchObject({ count: 5, wholeSeconds: false });
  expect(moments.firstSec).toBeCloseTo(0.250001, 6);
  expect(moments.lastSec).toBeCloseTo(2.5, 6);
});

test('a part of them is from its beginning up to its end, which is not part of it', async () => {
  const { seen } = await momentsOf(rows, 0.250002, 2.5);
  expect(seen.map(({ sec }) => sec)).toEqual([0.250002, 0.999999, 2]);
});
