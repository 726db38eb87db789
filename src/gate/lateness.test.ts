import { expect, test } from 'vitest';
import { parseGate } from '../model/gate-parser.ts';
import { latenessDoubt } from './lateness.ts';
import { manifestOf } from '../testing/run-files.ts';
import type { Gate } from '../model/gate.ts';
import type { Manifest } from '../model/manifest.ts';

function gateOf(text: string): Gate {
  const gate = parseGate(text);
  if (!('metric' in gate)) throw new Error(gate.message);
  return { ...gate, name: null };
}

function late(p99_ms: number): Manifest {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a builder's own.
  return JSON.parse(manifestOf({ schedule_lag: { p50_ms: 1, p99_ms, max_ms: p99_ms * 1.1 } })) as Manifest;
}

test.each<[gate: string, measuredMs: number, lagMs: number, may: boolean]>([
  ['p(95) < 500', 1285, 1430, true],
  ['p(99) <= 500', 1589, 1430, true],
  ['p(99.9) < 500', 1589, 1400, true],
  // Without that, it would be beyond all the same.
  ['p(95) < 500', 2100, 1430, false],
  // Such a lag shows in nothing.
  ['p(95) < 500', 510, 20, false],
  ['p(95) > 500', 300, 1430, false],
  ['error_rate < 1%', 0.5, 1430, false],
])('%s at %s, the generator late by %s ms: may be its doing: %s', (text, measuredMs, lagMs, may) => {
  const doubt = latenessDoubt(gateOf(text), measuredMs, late(lagMs));
  expect(doubt === null).toBe(!may);
});

test('a run of other origin says nothing of that', () => {
  expect(latenessDoubt(gateOf('p(95) < 500'), 1285, null)).toBeNull();
});
