import { expect, test } from 'vitest';
import type { FineWindow, Recovery } from '../model/recovery.ts';
import { buildAnalysis } from '../testing/analysis-builder.ts';
import { costSentences, fineWindowTable, recoveryTable } from './recovery-text.ts';

const window: FineWindow = {
  start_sec: 30.0812,
  end_sec: 50.7213,
  ended: true,
  cause: 'error_rate',
  metric: 'error_rate',
  magnitude: 1,
  baseline: 0,
  uncertainty_sec: 0.04,
  nodes: ['service-node-2'],
  faults: ['f1'],
  unattributed: false,
};

const recovery: Recovery = {
  disturbed: true,
  recovered: true,
  time_to_detect_sec: 0.02,
  outage_sec: 20.64,
  outage_at_least_sec: 20.64,
  time_to_first_success_sec: 20.66,
  time_to_first_success_after_undo_sec: 0.6,
  time_to_recover_sec: 20.66,
  time_to_recover_after_undo_sec: 0.6,
  observed_for_sec: 50,
  uncertainty_sec: 0.12,
};

const unseen: Recovery = {
  ...recovery,
  recovered: false,
  outage_sec: null,
  time_to_recover_sec: null,
  time_to_recover_after_undo_sec: null,
};

test('windows say what was measured, what is usual, and that no fault explains them where none does', () => {
  const slow = { cause: 'latency', metric: 'p95_latency_ms', magnitude: 400, baseline: 52.3 } as const;
  const alone = { ...window, ...slow, ended: false, faults: [], unattributed: true };
  const [head, first, second, ...others] = fineWindowTable(
    buildAnalysis({ with: { windows: [window, alone] } }),
  ).split('\n');
  expect(others).toEqual([]);
  expect(head).toMatch(/^ {2}from – to +cause +was \(baseline\) +nodes +faults$/);
  expect(first).toMatch(
    /^ {2}30\.08 s – 50\.72 s +error rate +100\.0% errors \(0% errors\) +service-node-2 +f1$/,
  );
  expect(second).toMatch(
    /^ {2}30\.08 s – the end +latency +p95 400 ms \(p95 52\.3 ms\) +service-node-2 +unattributed$/,
  );
});

test('so many windows that nobody reads them are counted', () => {
  const windows = Array.from({ length: 25 }, () => window);
  const lines = fineWindowTable(buildAnalysis({ with: { windows } })).split('\n');
  expect(lines).toHaveLength(22);
  expect(lines.at(-1)).toBe('  … and 5 more');
});

test('a recovery is a row for the nodes and one for all; what was not seen is no number', () => {
  const fault = { fault: 'f1', nodes: ['service-node-2'], judged_by: 'nodes', all_requests: unseen } as const;
  const lines = recoveryTable(buildAnalysis({ with: { recoveries: [{ ...fault, ...recovery }] } })).split(
    '\n',
  );
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^ {2}f1 +service-node-2 +0\.02 s +20\.64 s +20\.66 s +0\.6 s +0\.12 s$/);
  expect(lines[2]).toMatch(/^ +all +0\.02 s +to the end +not within 50 s +– +0\.12 s$/);
});

test('the cost of a fault is a sentence, with a share of the error budget where there is one', () => {
  const cost = {
    fault: 'f1',
    nodes: null,
    shared_with: [],
    start_sec: 30.1,
    end_sec: 50.7,
    due: 1030,
    failed: 340,
    slow: 14,
    failed_above_baseline: 340,
    slow_above_baseline: 7.1,
    availability: 0.67,
    error_budget_pct: 0.262,
  };
  const free = { ...cost, fault: 'f2', failed_above_baseline: 0, slow_above_baseline: 0.2 };
  const text = costSentences(
    buildAnalysis({ with: { costs: [cost, free], availability: 0.915, slo_pct: 99.9 } }),
  );
  expect(text).toBe(
    '  f1 cost 340 failed and 7 slow requests more than the baseline has: 67.0% of requests succeeded in its 20.6 s, ' +
      "91.5% in the run; 0.26% of a month's error budget at 99.9%",
  );
  const shared = { ...cost, nodes: ['a'], shared_with: ['f2'] };
  expect(costSentences(buildAnalysis({ with: { costs: [shared] } }))).toMatch(
    /67\.0% of the requests of a succeeded .*; f2 may have had a part in that$/,
  );
  const one = costSentences(buildAnalysis({ with: { costs: [{ ...cost, slow_above_baseline: 1.2 }] } }));
  expect(one).toContain('340 failed and 1 slow request more than');
  const without = costSentences(buildAnalysis({ with: { costs: [{ ...cost, error_budget_pct: null }] } }));
  expect(without).not.toContain('budget');
});
