import { expect, it } from 'vitest';
import { gateOf } from '../model/gate-schema.ts';
import { buildAnalysis, faultSpan } from '../testing/analysis-builder.ts';
import type { Evidence } from './evidence.ts';
import { measuredText } from './lines.ts';
import { verdictOf } from './verdict.ts';

/** A run with faults, and with what its analysis says beside of them. */
function judged(text: string, beside: object) {
  const faults = ['f1', 'f2', 'f3'].map((id, index) => faultSpan({ id, node: `service-node-${index + 1}` }));
  const analysis = Object.assign(buildAnalysis({ faults, durationSec: 1 }), beside);
  const evidence: Evidence = { report: analysis, analysis, partOf: () => expect.unreachable() };
  return verdictOf({ gate: gateOf(text), place: null }, evidence, null);
}

const recoveries = [
  {
    fault: 'f1',
    recovered: true,
    time_to_detect_sec: 0.1,
    outage_sec: 3,
    outage_at_least_sec: 3,
    time_to_recover_sec: 4,
    observed_for_sec: 30,
    uncertainty_sec: 0.5,
  },
  {
    fault: 'f2',
    recovered: true,
    time_to_detect_sec: null,
    outage_sec: 0,
    outage_at_least_sec: 0,
    time_to_recover_sec: 7.5,
    observed_for_sec: 30,
    uncertainty_sec: 0.5,
  },
  {
    fault: 'f3',
    recovered: false,
    time_to_detect_sec: 0.2,
    outage_sec: null,
    outage_at_least_sec: 11.9,
    time_to_recover_sec: null,
    observed_for_sec: 12,
    uncertainty_sec: 0.5,
  },
];

it.each<[string, string, string, number | null]>([
  // Of several faults, the one that keeps to its limit least decides.
  ['time_to_recover_sec <= 5', 'failed', 'f3', 12],
  ['time_to_recover_sec <= 20', 'inconclusive', 'f3', 12],
  ['time_to_recover_sec <= 5 for service-node-1', 'passed', 'f1', 4],
  ['time_to_recover_sec <= 5 for service-node-2', 'failed', 'f2', 7.5],
  ['outage_sec <= 4 for service-node-1', 'passed', 'f1', 3],
  ['outage_sec == 0 for service-node-2', 'passed', 'f2', 0],
  // A value that may be off by half a second is on neither side of a limit that is nearer.
  ['time_to_recover_sec <= 4.5 for service-node-1', 'passed', 'f1', 4],
  ['time_to_recover_sec <= 4.4 for service-node-1', 'inconclusive', 'f1', 4],
  ['time_to_recover_sec <= 3.6 for service-node-1', 'inconclusive', 'f1', 4],
  ['time_to_recover_sec <= 3.5 for service-node-1', 'failed', 'f1', 4],
  ['outage_sec <= 3 for service-node-3', 'failed', 'f3', 11.9],
  ['outage_sec <= 12 for service-node-3', 'inconclusive', 'f3', 11.9],
  ['time_to_detect_sec < 1 for service-node-2', 'inconclusive', 'f2', null],
])('%s: %s by %s', (text, status, fault, measured) => {
  expect(judged(text, { recoveries })).toMatchObject({ status, fault, measured });
});

it.each<[string, string, string | null, number]>([
  // Each fault by itself: all of their windows together span 22 s.
  ['recovery_time_sec <= 20 during failure', 'passed', 'f2', 15],
  ['recovery_time_sec <= 10 during failure', 'failed', 'f2', 15],
  ['recovery_time_sec <= 10 for service-node-1', 'passed', 'f1', 4],
  // Without a scope it is what the analysis says of the run.
  ['recovery_time_sec <= 20', 'failed', null, 22],
])('%s: %s by %s', (text, status, fault, measured) => {
  const window = { causes: [], min_throughput_rps: 0, max_error_rate: 1 };
  const windows = [
    { ...window, start_sec: 30, end_sec: 34, faults: ['f1', 'f2'] },
    { ...window, start_sec: 40, end_sec: 45, faults: ['f2'] },
    { ...window, start_sec: 50, end_sec: 52, faults: ['f3'] },
  ];
  const beside = { anomaly_windows: windows, recovery_time_sec: 22, recovered: true };
  expect(judged(text, beside)).toMatchObject({ status, fault, measured });
});

it('says what is not known of a fault', () => {
  const near = judged('time_to_recover_sec <= 4.4 for service-node-1', { recoveries });
  expect(near).toMatchObject({
    uncertainty: 0.5,
    why: 'of f1 (kill service-node-1); the limit lies within its uncertainty',
  });
  expect(measuredText(near)).toBe('4 s ± 0.5 s');
  expect(judged('time_to_recover_sec <= 20', { recoveries })).toMatchObject({
    at_least: true,
    why: 'f3 (kill service-node-3) was not recovered from by then',
  });
  expect(judged('outage_sec <= 3 for service-node-3', { recoveries })).toMatchObject({
    at_least: true,
    why: 'the outage of f3 (kill service-node-3) had not ended by then',
  });
  expect(judged('outage_sec <= 3 for service-node-1', {}).why).toBe(
    'it was not measured for f1 (kill service-node-1)',
  );
});

it.each<[object, string, string]>([
  [{ correctness: { lost_writes: 0 } }, 'passed', 'read back when all was undone'],
  [{ correctness: { lost_writes: 2 } }, 'failed', 'read back when all was undone'],
  [{ correctness: { lost_writes: null } }, 'inconclusive', 'what became of the writes is not known'],
  [{ correctness: null }, 'inconclusive', 'it was not measured'],
  [{ correctness_reason: '9 writes were not read back' }, 'inconclusive', '9 writes were not read back'],
  [{}, 'inconclusive', 'it was not measured'],
])('lost_writes == 0 with %o: %s', (beside, status, why) => {
  expect(judged('lost_writes == 0', beside)).toMatchObject({ status, why });
});
