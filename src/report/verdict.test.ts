import { describe, expect, it } from 'vitest';
import type { RunCheck } from '../gate/checks.ts';
import { faultSpan } from '../testing/analysis-builder.ts';
import { gateReport, gateVerdict, recoveryOf, reportFacts } from '../testing/report-builder.ts';
import { verdictOf } from './verdict.ts';

const gate = gateVerdict();
const failing = gateVerdict({ status: 'failed', measured: 0.31, why: 'of 4,000 requests' });
const untold = gateVerdict({ status: 'inconclusive', measured: null, why: '12 requests cannot show p99' });
const broken: RunCheck = {
  of: 'undo',
  name: 'f1 (kill service-node-2) is undone',
  status: 'failed',
  why: 'it could not be undone',
};
const lost: RunCheck = { of: 'steady_state', name: 'orders are taken', status: 'failed', why: 'it does not' };
const noEffect: RunCheck = {
  of: 'fault',
  name: 'f1 (kill service-node-2) takes effect',
  status: 'inconclusive',
  why: 'no effect of it was seen',
};
const notRecovered = recoveryOf('f1', {
  recovered: false,
  time_to_recover_sec: null,
  time_to_recover_after_undo_sec: null,
  observed_for_sec: 49.92,
});

describe('the verdict, in one sentence', () => {
  it('of a run without gates is how it recovered, with the doubt', () => {
    expect(verdictOf(reportFacts())).toMatchObject({
      state: 'recovered',
      sentence: 'service-node-2 recovered 21 s ± 0.12 s after it was killed, 0.96 s after that was undone.',
    });
  });

  it.each([
    ['before', 5.16],
    ['as soon as', 19.95],
  ])('says that it recovered %s the fault was undone', (when, time_to_recover_sec) => {
    const faults = [faultSpan({ effective_sec: 20, undone_sec: 40 })];
    const recoveries = [recoveryOf('f1', { time_to_recover_sec, time_to_recover_after_undo_sec: 0 })];
    const { sentence } = verdictOf(reportFacts({ faults, recoveries }));
    expect(sentence).toMatch(new RegExp(`it was killed, ${when} that was undone\\.$`));
  });

  it('never makes a number of a recovery that was not seen', () => {
    expect(verdictOf(reportFacts({ recoveries: [notRecovered] }))).toMatchObject({
      state: 'not recovered',
      kind: 'failed',
      sentence: 'service-node-2 was killed, and was not seen to recover within 49.92 s.',
    });
  });

  it('of several faults is about the worst: first what did not recover, then what took longest', () => {
    const faults = ['f1', 'f2', 'f3'].map((id) => faultSpan({ id, node: `node-${id}` }));
    const recoveries = [
      recoveryOf('f1', { time_to_recover_sec: 3 }),
      recoveryOf('f2', { time_to_recover_sec: 30 }),
      { ...notRecovered, fault: 'f3' },
    ];
    const { state, sentence, more } = verdictOf(reportFacts({ faults, recoveries }));
    expect(state).toBe('not recovered');
    expect(sentence).toMatch(/^node-f3 was killed, and was not seen/);
    expect(more.map((text) => text.slice(0, 22))).toEqual([
      'node-f2 recovered 30 s',
      'node-f1 recovered 3 s ',
    ]);
  });

  it('without a baseline says what one would add', () => {
    const { run } = reportFacts();
    const { state, sentence, more } = verdictOf(reportFacts({}, { analysis: null, run }));
    expect({ state, sentence }).toEqual({
      state: 'no baseline',
      sentence: '4,000 requests were measured, and nothing to hold them against.',
    });
    expect(more.join(' ')).toContain('--baseline ID');
  });

  it.each([
    ['passed', gateReport({ gates: [gate, gate] }), 'All 2 gates passed.'],
    [
      'gate failed',
      gateReport({ status: 'failed', gates: [gate, failing] }),
      'A gate failed: error_rate < 20%: 31%, of 4,000 requests.',
    ],
    [
      'gate failed',
      gateReport({ status: 'failed', gates: [failing, gate, failing] }),
      '2 gates of 3 failed.',
    ],
    [
      'steady state lost',
      gateReport({ status: 'failed', checks: [lost] }),
      'The steady state did not come back: orders are taken does not hold any more.',
    ],
    [
      'inconclusive',
      gateReport({
        status: 'inconclusive',
        gates: [untold],
        doubts: [
          'run: its manifest says that nothing can be concluded from it',
          'the run was cut off, or goes on',
        ],
      }),
      'Nothing can be concluded: the run was cut off, or goes on.',
    ],
    [
      'inconclusive',
      gateReport({ status: 'inconclusive', gates: [untold] }),
      'Whether error_rate < 20% holds cannot be told: 12 requests cannot show p99.',
    ],
    [
      'inconclusive',
      gateReport({ status: 'inconclusive', checks: [noEffect] }),
      'Whether f1 (kill service-node-2) takes effect cannot be told: no effect of it was seen.',
    ],
    [
      'not undone',
      gateReport({ status: 'failed', gates: [failing], checks: [broken] }),
      'f1 (kill service-node-2) could not be undone, and may still be in force.',
    ],
  ])('is %s', (state, gates, sentence) => {
    expect(verdictOf(reportFacts({}, { gates }))).toMatchObject({ state, sentence });
  });

  it('is that acknowledged writes were lost, with a baseline or without', () => {
    const correctness = { lost_writes: 3, duplicates: 0, stale_reads: 0, checks: [] };
    const facts = reportFacts({ correctness });
    for (const analysis of [facts.analysis, null])
      expect(verdictOf({ ...facts, analysis })).toMatchObject({
        state: 'writes lost',
        sentence: '3 acknowledged writes were lost.',
      });
    const gates = gateReport({ gates: [gate] });
    expect(verdictOf({ ...facts, gates }).more[0]).toBe('3 acknowledged writes were lost.');
  });

  it('says no fault to have taken effect that did not', () => {
    const faults = [faultSpan({ effective_sec: null, undone_sec: null })];
    const gates = gateReport({ status: 'inconclusive', checks: [noEffect] });
    const { more } = verdictOf(reportFacts({ faults, recoveries: [], anomaly_windows: [] }, { gates }));
    expect(more).toEqual(['No fault took effect, and the run was as its baseline.']);
  });

  it('tells of recovery beside gates that passed', () => {
    const gates = gateReport({ gates: [gate] });
    const { more } = verdictOf(reportFacts({ recoveries: [notRecovered] }, { gates }));
    expect(more[0]).toContain('was not seen to recover within 49.92 s');
  });

  it('of a run without faults says whether it was as its baseline', () => {
    const calm = { faults: [], recoveries: [], anomaly_windows: [], windows: [], recovered: null };
    expect(verdictOf(reportFacts(calm))).toMatchObject({
      state: 'undisturbed',
      sentence: 'No fault was injected, and the run was as its baseline.',
    });
    const { anomaly_windows } = reportFacts().run;
    expect(verdictOf(reportFacts({ ...calm, anomaly_windows }))).toMatchObject({ state: 'anomalous' });
  });
});
