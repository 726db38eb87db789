import { expect, it } from 'vitest';
import type { GateReport } from './judge.ts';
import { judgeSeries } from './judge-series.ts';
import { gateMarkdown } from './markdown.ts';
import type { GateVerdict, Status } from './verdict.ts';

function verdict(status: Status, margin: number | null): GateVerdict {
  return {
    gate: 'error_rate < 10%',
    name: null,
    status,
    metric: 'error_rate',
    phase: null,
    node: null,
    fault: null,
    comparison: '<',
    limit: 0.1,
    unit: 'share',
    measured: margin === null ? null : 0.1 - margin,
    at_least: false,
    uncertainty: null,
    margin,
    margin_pct: null,
    why: margin === null ? '5 requests cannot show it' : 'of 1,000 requests',
    place: 's.yaml:3:5',
  };
}

function report(pair: number, gates: readonly GateVerdict[], change: Partial<GateReport> = {}): GateReport {
  const status = gates.some((gate) => gate.status === 'failed')
    ? 'failed'
    : gates.some((gate) => gate.status === 'inconclusive')
      ? 'inconclusive'
      : 'passed';
  return {
    run_id: `night-f${pair}`,
    baseline_id: `night-b${pair}`,
    scenario: 's',
    duration_sec: 10,
    status,
    exit_code: ({ passed: 0, failed: 99, inconclusive: 2 } as const)[status],
    gates,
    checks: [{ of: 'fault', name: 'f1 (kill a) takes effect', status: 'passed', why: 'it was seen' }],
    doubts: [],
    warnings: [],
    ...change,
  };
}

const passed = verdict('passed', 0.05);

it('a gate passes where it does in every run, and the run in which it holds least is told', () => {
  const made = judgeSeries('night', [report(1, [passed]), report(2, [verdict('passed', 0.01)])], 2);
  expect(made).toMatchObject({ run_id: 'night', pairs: 2, status: 'passed', exit_code: 0, duration_sec: 20 });
  expect(made.gates[0]).toMatchObject({
    status: 'passed',
    margin: 0.01,
    why: 'it passed in 2 of 2 runs; least in night-f2: of 1,000 requests',
  });
  expect(made.runs[0]).toEqual({ run_id: 'night-f1', baseline_id: 'night-b1', status: 'passed' });
  expect(made.checks.map(({ name }) => name)).toEqual([
    'night-f1: f1 (kill a) takes effect',
    'night-f2: f1 (kill a) takes effect',
  ]);
  expect(gateMarkdown(made)).toContain('`s`, series `night` of 2 pairs');
});

it.each<[string, readonly GateVerdict[], Status, number, string]>([
  [
    'one failed',
    [passed, verdict('failed', -0.1), passed],
    'failed',
    99,
    'it passed in 2 of 3 runs; least in night-f2',
  ],
  [
    'of one it cannot be told',
    [passed, passed, verdict('inconclusive', null)],
    'inconclusive',
    2,
    'least in night-f3: 5',
  ],
  [
    'both',
    [verdict('inconclusive', null), verdict('failed', -0.1)],
    'failed',
    99,
    'it passed in 0 of 2 runs',
  ],
])('where %s, the series does not pass', (_, verdicts, status, exit, why) => {
  const reports = verdicts.map((one, index) => report(index + 1, [one]));
  const made = judgeSeries('night', reports, verdicts.length);
  expect(made).toMatchObject({ status, exit_code: exit });
  expect(made.gates[0]).toMatchObject({ status, why: expect.stringContaining(why) });
});

it('passes nothing where a pair is missing, and fails what failed all the same', () => {
  const made = judgeSeries('night', [report(1, [passed, verdict('failed', -0.1)])], 2);
  expect(made.doubts).toEqual(['only 1 of 2 pairs could be judged']);
  expect(made.gates.map(({ status }) => status)).toEqual(['inconclusive', 'failed']);
  expect(made.exit_code).toBe(99);
});

it('lets a fault that could not be undone win, and passes doubts on with their runs', () => {
  const broken = report(2, [passed], { exit_code: 3, status: 'failed', doubts: ['the run failed'] });
  const made = judgeSeries('night', [report(1, [verdict('failed', -0.1)]), broken], 2);
  expect(made).toMatchObject({ status: 'failed', exit_code: 3, doubts: ['night-f2: the run failed'] });
});
