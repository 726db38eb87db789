import { describe, expect, it } from 'vitest';
import type { Analysis } from '../model/analysis.ts';
import type { WritesFound } from '../model/correctness.ts';
import type { FaultCost, FineWindow, Recovery } from '../model/recovery.ts';
import { type AnalysisShape, buildAnalysis, faultSpan } from '../testing/analysis-builder.ts';
import { factsOf } from './gather.ts';
import { unfoundedNumbers } from './grounding.ts';
import { shownFacts } from './shown.ts';
import { templateSummary } from './template.ts';
import { verdict } from './verdict.ts';

const usual = buildAnalysis();
const verdictOf = (shape: AnalysisShape) => verdict(shownFacts(factsOf(buildAnalysis(shape))));
const summaryOf = (analysis: Analysis) =>
  templateSummary(shownFacts(factsOf(analysis)), 'GROQ_API_KEY is not set');

describe('the headline', () => {
  it('says what a fault cost and how long it took to come back', () => {
    expect(verdictOf({})).toBe(
      'With `kill service-node-2` in force, the error rate rose from 0 % to 9.1 % over the whole run, 52 % in the worst second. ' +
        'It recovered: 20 s lay between the first and the last anomalous second.',
    );
  });

  it('says by how much throughput fell where that was the anomaly', () => {
    const faults = ['1', '2', '3'].map((n) =>
      faultSpan({ kind: 'pause', id: `f${n}`, node: `service-node-${n}` }),
    );
    expect(verdictOf({ faults })).toMatch(
      /^With `pause service-node-1`, `pause service-node-2` and `pause service-node-3` in force, .*; throughput fell to 0 requests\/s in the worst second \(baseline 50\)\./,
    );
  });

  it('says when a run had not recovered', () => {
    expect(verdictOf({ faults: [faultSpan({ undone_sec: null })] })).toContain(
      'It had not recovered when the run ended.',
    );
  });

  it('claims no recovery time that there is none of', () => {
    expect(verdictOf({ with: { recovery_time_sec: null, recovered: true } })).toContain(
      'A recovery time cannot be given.',
    );
    expect(verdictOf({ with: { recovery_time_sec: 0 } })).toContain('only one second was anomalous');
  });

  it('tells apart a fault that was withstood, one without effect, and none', () => {
    const calm = { anomaly_windows: [], recovered: null, recovery_time_sec: null };
    expect(verdictOf({ with: calm })).toMatch(
      /^`kill service-node-2` took effect, and no second was anomalous/,
    );
    expect(verdictOf({ faults: [faultSpan({ effective_sec: null })] })).toMatch(
      /^`kill service-node-2` had no effect, and no second was anomalous: the error rate stayed at 0 %\.$/,
    );
    expect(verdictOf({ faults: [] })).toMatch(/^No fault was injected, and no second was anomalous/);
  });

  it('blames no fault for anomalies outside of all faults', () => {
    const windows = usual.anomaly_windows.map((window) => ({ ...window, faults: [] }));
    expect(verdictOf({ with: { anomaly_windows: windows } })).toMatch(/^With no fault in force, /);
  });

  it('counts faults that are too many to name', () => {
    const faults = Array.from({ length: 5 }, (_, n) => faultSpan({ id: `f${n}`, node: `n-${n}` }));
    const windows = usual.anomaly_windows.map((window) => ({
      ...window,
      faults: faults.map((fault) => fault.id),
    }));
    expect(verdictOf({ faults, with: { anomaly_windows: windows } })).toMatch(/^With 5 faults in force/);
  });

  it('calls no run calm that could not be judged', () => {
    const seconds = usual.seconds.map((second) => ({ ...second, counted: false }));
    const analysis = buildAnalysis({ faults: [], with: { seconds } });
    expect(verdict(factsOf(analysis))).toMatch(/^No fault was injected, and no second could be judged: /);
    expect(summaryOf(analysis)).toContain('No second could be judged. A second is');
  });

  it('concludes nothing where nothing may be, and judges nothing where nothing was due', () => {
    expect(verdictOf({ with: { conclusive: false } })).toMatch(
      /^Nothing may be concluded from this run\. With/,
    );
    expect(verdictOf({ rps: 0 })).toBe('No request was due, so there is nothing to judge.');
  });
});

describe('the template summary', () => {
  it('has the comparison, the fault, the window, the recovery, the parts, and where it comes from', () => {
    const markdown = summaryOf(usual);
    for (const line of [
      '# Summary of `node_failure_recovery-http-20260314-120500`',
      'Scenario `node_failure_recovery` (http), 80 s, held against baseline `baseline-http-20260314-120000`.',
      '| Throughput (requests/s) | 50 | 50 | 0 % |',
      '| Error rate (%) | 0 | 9.1 | +9.1 points |',
      '| Latency p50 (ms) | 79.3 | 75.1 | −5.3 % |',
      '| Requests due | 4,000 | 4,000 |  |',
      '- `kill service-node-2` in phase `failure`: took effect at 30.1 s, undone at 50.1 s and serving again at 50.7 s.',
      '| 30–50 | error rate | `kill service-node-2` | 50 | 52 |',
      '20 s lay between the first and the last anomalous second; 21 s were anomalous in all.',
      '| phase `failure` | 1,000 | 34.8 | 139.9 |',
      '| node `service-node-2` | 1,366 | 26.7 | 141.3 |',
      '_Made from a template, without a language model: GROQ_API_KEY is not set._',
    ]) {
      expect(markdown.split('\n')).toContain(line);
    }
  });

  it.each<[string, AnalysisShape, string[]]>([
    [
      'no faults',
      { faults: [] },
      ['None was injected.', 'No second was anomalous.', 'There was nothing to recover from'],
    ],
    [
      'nothing measured',
      { rps: 0 },
      ['| Latency p95 (ms) | – | – | – |', '| Throughput (requests/s) | 0 | 0 | – |'],
    ],
    ['no effect', { faults: [faultSpan({ effective_sec: null })] }, ['in phase `failure`: had no effect.']],
    [
      'a failed undo',
      { faults: [faultSpan({ undone_sec: null, undo_failed: true })] },
      ['**the undo failed**', 'It had not recovered when the run ended.'],
    ],
    [
      'a fault left',
      { faults: [faultSpan({ undone_sec: null })] },
      ['took effect at 30.1 s and not undone.'],
    ],
    [
      'warnings',
      { with: { warnings: ['the run was cut off', 'rows are missing'] } },
      ['Before trusting these numbers:\n\n- the run was cut off\n- rows are missing'],
    ],
    [
      'a recovery that is not known',
      { with: { recovery_time_sec: null, recovery_reason: 'the run ended' } },
      ['A recovery time cannot be given (the run ended)'],
    ],
    [
      'a run that was cut off',
      { with: { recovered: null, recovery_time_sec: null, recovery_reason: 'it was cut off' } },
      ['A recovery time cannot be given.**', 'A recovery time cannot be given (it was cut off); 21 s'],
    ],
    [
      'neither scenario nor mode',
      { with: { scenario: null, mode: null } },
      ['Scenario unknown, 80 s, held against'],
    ],
  ])('is right for %s', (_, shape, lines) => {
    const markdown = summaryOf(buildAnalysis(shape));
    for (const line of lines) expect(markdown).toContain(line);
    expect(markdown).not.toMatch(/null|NaN|undefined|Infinity/);
  });

  it('shows the first windows of very many, and the worst of all', () => {
    const windows = Array.from({ length: 300 }, (_, index) => ({
      start_sec: index * 3,
      end_sec: index * 3,
      causes: ['error_rate' as const],
      min_throughput_rps: 50,
      max_error_rate: index === 299 ? 0.97 : 0.2,
      faults: [],
    }));
    const markdown = summaryOf({ ...usual, anomaly_windows: windows });
    expect(markdown).toContain('These are the first of 300 windows.');
    expect(markdown).toContain('97 % in the worst second');
    expect(markdown.length).toBeLessThan(6000);
  });

  it('calls means that differ by their last bits only unchanged', () => {
    const { baseline_summary: baseline, run_summary } = usual;
    const run = { ...run_summary, throughput_rps: baseline.throughput_rps * (1 - 5.3e-9) };
    expect(summaryOf({ ...usual, run_summary: run })).toMatch(/^\| Throughput .* \| 0 % \|$/m);
  });

  it('keeps names of any origin inside their code and cells', () => {
    const markdown = summaryOf({ ...usual, run_id: 'a|b`c\nd' });
    expect(markdown.split('\n')[0]).toBe("# Summary of `a\\|b'c d`");
  });

  it('passes the check that a model’s text must pass', () => {
    for (const shape of [
      {},
      { faults: [] },
      { faults: [faultSpan({ kind: 'pause' as const })] },
      { rps: 0 },
    ]) {
      const analysis = buildAnalysis(shape);
      expect(unfoundedNumbers(summaryOf(analysis), factsOf(analysis))).toEqual([]);
    }
  });
});

describe('what the requests tell of a fault', () => {
  const recovery: Recovery = {
    disturbed: true,
    recovered: true,
    time_to_detect_sec: 0.02,
    outage_sec: 20.64,
    outage_at_least_sec: 20.64,
    time_to_first_success_sec: 20.66,
    time_to_first_success_after_undo_sec: 0.6,
    time_to_recover_sec: 20.71,
    time_to_recover_after_undo_sec: 0.65,
    observed_for_sec: 49.9,
    uncertainty_sec: 0.12,
  };
  const cost: FaultCost = {
    fault: 'f1',
    nodes: null,
    shared_with: [],
    start_sec: 30,
    end_sec: 50.7,
    due: 1030,
    failed: 341,
    slow: 14,
    failed_above_baseline: 340.6,
    slow_above_baseline: 7.1,
    availability: 0.67,
    error_budget_pct: 0.2627,
  };
  const told = (change: Partial<Recovery>, slow_above_baseline = 7.1) => {
    const all = { ...recovery, ...change };
    const analysis = buildAnalysis({
      with: {
        recoveries: [
          { fault: 'f1', nodes: ['service-node-2'], judged_by: 'nodes', ...all, all_requests: all },
        ],
        costs: [{ ...cost, slow_above_baseline }],
      },
    });
    const summary = summaryOf(analysis);
    expect(unfoundedNumbers(summary, factsOf(analysis))).toEqual([]);
    return summary;
  };

  it('is when its nodes were well again, how long nothing succeeded, and what it cost', () => {
    expect(told({})).toContain(
      'It showed after 0.02 s. Its nodes were as in the baseline 20.7 s after it took effect (± 0.12 s); for 20.6 s none of theirs succeeded; ' +
        'it cost 341 failed and 7 slow requests above the baseline, 0.26 % of a month’s error budget.',
    );
  });

  it('has one slow request in the singular', () => {
    expect(told({}, 1.2)).toContain('341 failed and 1 slow request above');
  });

  it('is no time where it was not seen to end', () => {
    const unseen = { recovered: false, outage_sec: null, time_to_recover_sec: null };
    expect(told(unseen)).toContain('Its nodes were not seen to recover within 49.9 s; it cost 341 failed');
  });
});

describe('what single requests tell', () => {
  const slow: FineWindow = {
    start_sec: 30.0421,
    end_sec: 42.6,
    ended: true,
    cause: 'latency',
    metric: 'p50_latency_ms',
    magnitude: 45.31,
    baseline: 12.04,
    uncertainty_sec: 0.02,
    nodes: ['service-node-2'],
    faults: ['f1'],
    unattributed: false,
  };
  const failing: FineWindow = {
    ...slow,
    ended: false,
    cause: 'error_rate',
    metric: 'error_rate',
    magnitude: 0.0813,
    baseline: 0,
    nodes: ['service-node-1', 'service-node-3'],
    faults: [],
    unattributed: true,
  };
  // Of a fault that no request failed for.
  const faults = [faultSpan({ kind: 'latency', effect: 'slowed by 33 ms', undone_sec: 42.5 })];
  const analysis = buildAnalysis({ faults: [], with: { faults, windows: [failing, slow] } });
  const summary = summaryOf(analysis);

  it('is in the headline where latencies have shifted and no whole second is anomalous', () => {
    expect(summary).toContain(
      'no second was anomalous: the error rate stayed at 0 %. ' +
        'Latency at `service-node-2` was up for 12.6 s: p50 45.3 ms (baseline 12 ms).',
    );
  });

  it('is in a table, with where and during which faults', () => {
    expect(summary).toContain(
      '| 30–42.6 | `service-node-2` | `latency service-node-2` | p50 (ms) | 12 | 45.3 |',
    );
    expect(summary).toContain(
      '| 30–the end | `service-node-1` and `service-node-3` | none | error rate (%) | 0 | 8.1 |',
    );
  });

  it('has no number that the analysis does not have', () => {
    expect(unfoundedNumbers(summary, factsOf(analysis))).toEqual([]);
    expect(unfoundedNumbers('The p50 at `service-node-2` was 45 ms.', factsOf(analysis))).toEqual([]);
    expect(unfoundedNumbers('The p50 at `service-node-2` was 46 ms.', factsOf(analysis))).toHaveLength(1);
  });
});

describe('writes that were checked', () => {
  const check: WritesFound = {
    name: 'lost_writes',
    acknowledged: 2400,
    indeterminate: 3,
    refused: 0,
    skipped: 0,
    read_from: 'redis-2',
    lost: 57,
    duplicates: null,
    stale_reads: 0,
    indeterminate_there: 1,
    unread: 0,
    examples: { lost: [], duplicates: [], stale_reads: [] },
  };
  const found = { lost_writes: 57, duplicates: null, stale_reads: 0, checks: [check] };

  it('are told first where some were lost', () => {
    const analysis = buildAnalysis({ with: { correctness: found } });
    const summary = summaryOf(analysis);
    expect(summary).toContain('**57 of 2,400 acknowledged writes were lost. ');
    expect(summary).toContain('| … and lost | 57 |');
    expect(unfoundedNumbers(summary, factsOf(analysis))).toEqual([]);
    expect(unfoundedNumbers('58 writes were lost.', factsOf(analysis))).toHaveLength(1);
  });

  it('are never called kept where nobody read them back', () => {
    const reason = 'no node answered';
    const summary = summaryOf(buildAnalysis({ with: { correctness: null, correctness_reason: reason } }));
    expect(summary).toContain('Whether acknowledged writes were lost is not known.');
    expect(summary).toContain('They were not read back: no node answered.');
  });

  it('are not spoken of where there were none', () => {
    expect(summaryOf(buildAnalysis())).not.toContain('writes');
  });
});
