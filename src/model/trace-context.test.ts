import { expect, test } from 'vitest';
import { traceIdOf, traceparentOf } from './trace-context.ts';

const run = '4bf92f3577b34da6';

test('a traceparent has the form that W3C Trace Context gives it, and the id of its request’s trace', () => {
  for (const seq of [0, 1, 2 ** 32, 2 ** 53 - 1]) {
    const [version, trace, parent, flags, ...rest] = traceparentOf(run, seq).split('-');
    expect([version, trace, flags, rest]).toEqual(['00', traceIdOf(run, seq), '01', []]);
    expect(trace).toMatch(/^4bf92f3577b34da6[0-9a-f]{16}$/);
    expect(parent).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
  }
});

test('no two requests share a trace, of one load or of several, and hardly those of two runs by its last half', () => {
  const other = '00f067aa0ba902b7';
  const numbers = Array.from({ length: 50_000 }, (_, seq) => [seq, 2 ** 44 + seq]).flat();
  const halves = [run, other].flatMap((one) => numbers.map((seq) => traceIdOf(one, seq).slice(16)));
  expect(new Set(halves).size).toBe(halves.length);
});
