import { describe, expect, it } from 'vitest';
import { configSchema } from '../model/config.ts';
import type { Unstamped } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import { csvOf, eventsOf, manifestOf, type Row, type RunFiles, rowsAt, runOf } from '../testing/run-files.ts';
import { compareRuns } from './compare-runs.ts';

const thresholds = configSchema.parse({}).anomaly_detection;

/** Ten seconds at 20 a second from then on, each answered after about that long. */
function filesOf(startSec: number, latencyMs: number, change: Partial<Manifest> = {}): RunFiles {
  const rows = rowsAt({ from: startSec, rps: 20, count: 200 }, (_, index) => ({
    latency_ms: latencyMs + (index % 10),
  }));
  const counts = { due: 200, ok: 200, fail: 0, unknown: 0, dropped: 0 };
  const own = manifestOf({ started_at_sec: startSec, counts, ...change });
  return { 'metrics.csv': csvOf(rows), 'manifest.json': own };
}

const run = (id: string, ...of: Parameters<typeof filesOf>) => runOf(filesOf(...of), id);
const compare = async (runs: readonly ReturnType<typeof run>[]) =>
  compareRuns({ runs: await Promise.all(runs), baseline: null, thresholds, effect: 0.1 });

describe('runs that are alike', () => {
  it('stand in the order of their start, and what rises run by run has a trend', async () => {
    const slower = [4, 0, 2, 1, 6, 3, 5].map((day) => run(`r${day}`, 1000 + day * 100, 20 + day * 2));
    const { runs, groups, warnings } = await compare(slower);
    expect(runs.map(({ run_id }) => run_id)).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6']);
    expect(warnings).toEqual([]);
    const [group] = groups;
    expect(group?.trends.map(({ metric, verdict }) => `${metric} ${verdict}`)).toEqual([
      'throughput_rps alike',
      'error_rate alike',
      'p50_latency_ms worse',
      'p95_latency_ms worse',
      'p99_latency_ms worse',
    ]);
    const p50 = group?.trends[2];
    expect(p50?.slope).toBeCloseTo(2, 9);
    expect(p50?.change_pct).toBeCloseTo((12 / 24.5) * 100, 9);
    // Two of the 5,040 orders, and five metrics.
    expect(p50?.p_value).toBeCloseTo(2 / 5040, 12);
    expect(p50?.p_value_adjusted).toBeCloseTo((5 * 2) / 5040, 12);
  });

  it('have none while they are too few for any order of them to mean something', async () => {
    const { groups } = await compare([1, 2, 3].map((day) => run(`r${day}`, day * 1000, day * 10)));
    for (const trend of groups[0]!.trends)
      expect(trend).toMatchObject({ verdict: 'undecided', runs_missing: 3, slope: null, p_value: null });
  });

  it('count only where something can be concluded from them', async () => {
    const { runs, groups } = await compare([
      run('a', 1000, 20),
      run('b', 2000, 20, { status: 'interrupted' }),
      runOf({ 'metrics.csv': filesOf(3000, 20)['metrics.csv']! }, 'c'),
    ]);
    expect(runs.map(({ left_out: why }) => why)).toEqual([null, 'it is interrupted, not complete', null]);
    // Of a run without a manifest nothing is known but its rows.
    expect(runs[2]).toMatchObject({ started_at_sec: 3000, scenario: null, status: null, gates: null });
    expect(groups.map(({ run_ids, trends }) => [run_ids, trends.length])).toEqual([
      [['a', 'b'], 0],
      [['c'], 0],
    ]);
  });
});

describe('runs that are not', () => {
  it('are never held against each other, and it is said by what they differ', async () => {
    const scenario = { name: 'other', path: '', sha256: '1', text: '' };
    const usual = JSON.parse(manifestOf()) as Manifest;
    const { groups } = await compare([
      run('a', 1000, 20),
      run('b', 2000, 20, { scenario, mode: 'redis' }),
      run('c', 3000, 20, { config: configSchema.parse({ load: { max_in_flight: 50 } }) }),
      run('d', 4000, 20, { scenario: { ...usual.scenario, variables: { rps: 20 } } }),
      run('e', 5000, 20),
      run('f', 6000, 20, { series: { id: 's', pair: 1, of: 1, side: 'baseline', faults_left_out: true } }),
      runOf({ 'metrics.csv': filesOf(7000, 20)['metrics.csv']! }, 'g'),
    ]);
    const told = groups.map(({ run_ids, differs }) => `${run_ids.join(' ')}: ${differs.join('; ')}`);
    expect(told).toEqual([
      'a e: ',
      expect.stringMatching(
        /^b: scenario: other, not node_failure; text of the .*sha256 1, not sha256 0.*mode: redis, not http/,
      ),
      'c: load.max_in_flight: 50, not 1000',
      'd: variables: {"rps":20}, not {}',
      'f: faults: left out, not as in the scenario',
      'g: manifest: none, not there',
    ]);
  });

  it('are warned of where only their rates or machines differ', async () => {
    const host = { name: 'other', os: 'linux', cpus: 2, memory_mb: 4096 };
    const half = rowsAt({ from: 2000, rps: 10, count: 100 });
    const counts = { due: 100, ok: 100, fail: 0, unknown: 0, dropped: 0 };
    const manifest = manifestOf({ started_at_sec: 2000, counts, host });
    const { warnings } = await compare([
      run('a', 1000, 20),
      runOf({ 'metrics.csv': csvOf(half), 'manifest.json': manifest }, 'b'),
    ]);
    expect(warnings).toEqual([
      expect.stringMatching(/^unequal load: from 10\.\d to 20\.\d requests a second were due$/),
      'the runs were made on 2 machines: host, other',
    ]);
  });
});

describe('what else is known of a run', () => {
  const fault = { type: 'fault', id: 'f1', kind: 'kill', node: 'a', phase: 'p' } as const;
  /** Node a fails from second 10 on, for so long. */
  const hurt = (id: string, startSec: number, forSec: number) => {
    const broken: Partial<Row> = { status_code: 0, error: 'ECONNREFUSED', latency_ms: 1 };
    const rows = rowsAt({ from: startSec, rps: 50, count: 1500 }, (sec, index) => ({
      node: index % 2 === 0 ? 'a' : 'b',
      ...(index % 2 === 0 && sec >= 10 && sec < 10 + forSec ? broken : {}),
    }));
    const events: [number, Unstamped][] = [
      [10, { ...fault, state: 'requested' }],
      [10.1, { ...fault, state: 'effective' }],
      [14, { ...fault, state: 'undone' }],
      [30, { type: 'run_ended', status: 'complete' }],
    ];
    const counts = { due: 1500, ok: 1500, fail: 0, unknown: 0, dropped: 0 };
    const correctness = { lost_writes: 3, duplicates: null, stale_reads: 0, checks: [] };
    const own = manifestOf({ started_at_sec: startSec, counts, correctness });
    const files = { 'metrics.csv': csvOf(rows), 'manifest.json': own };
    return runOf({ ...files, 'events.jsonl': eventsOf(startSec, events) }, id);
  };

  it('is how long it took to recover from each fault, or longer than what was seen; and what it lost', async () => {
    const runs = await Promise.all([hurt('a', 1000, 4), hurt('b', 2000, 20)]);
    const baseline = await hurt('calm', 500, 0);
    const { runs: told, groups } = await compareRuns({ runs, baseline, thresholds, effect: 0.1 });
    expect(told[0]?.recoveries).toEqual([
      {
        fault: 'f1',
        kind: 'kill',
        node: 'a',
        time_to_recover_sec: expect.closeTo(3.9, 1),
        observed_for_sec: expect.any(Number),
      },
    ]);
    const [never] = told[1]?.recoveries ?? [];
    expect(never).toMatchObject({ fault: 'f1', time_to_recover_sec: null });
    expect(never?.observed_for_sec).toBeGreaterThan(19);
    expect(told.map(({ writes_checked, lost_writes }) => [writes_checked, lost_writes])).toEqual([
      [true, 3],
      [true, 3],
    ]);
    const recovery = groups[0]?.trends.find(({ metric }) => metric === 'time_to_recover_sec');
    expect(recovery).toMatchObject({
      fault: { id: 'f1', kind: 'kill' },
      verdict: 'undecided',
      why: 'in 1 of 2 runs it was not over when these were',
    });
  });
});
