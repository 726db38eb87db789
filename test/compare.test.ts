import { mkdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunTrends } from '../src/model/run-trends.ts';
import { csvOf, manifestOf, rowsAt } from '../src/testing/run-files.ts';
import { type Finished, Workshop } from './support.ts';

/** Runs of seven days, each a little slower than the one before, and one of another scenario; by the real command line. */
describe('orch compare', () => {
  const shop = new Workshop();
  const ids = [1, 2, 3, 4, 5, 6, 7].map((day) => `night-${day}`);
  const write = (id: string, day: number, scenario: string) => {
    const from = Date.UTC(2026, 2, day, 3) / 1000;
    const rows = rowsAt({ from, rps: 20, count: 200 }, (_, index) => ({
      latency_ms: 20 + day + (index % 10),
    }));
    const counts = { due: 200, ok: 200, fail: 0, unknown: 0, dropped: 0 };
    const kept = { name: scenario, path: '', sha256: scenario, text: '' };
    mkdirSync(shop.path('runs', id), { recursive: true });
    shop.write(`runs/${id}/metrics.csv`, csvOf(rows));
    shop.write(
      `runs/${id}/manifest.json`,
      manifestOf({ run_id: id, started_at_sec: from, counts, scenario: kept }),
    );
  };
  let told: Finished;
  beforeAll(async () => {
    for (const [index, id] of ids.entries()) write(id, index + 1, 'node_failure');
    write('surge-with-a-name-that-is-longer-than-any-column-of-a-table', 8, 'surge');
    const gates = [
      { gate: 'error_rate < 1%', name: null, status: 'passed' },
      { gate: 'p(95) < 20', name: null, status: 'failed' },
    ];
    shop.write('runs/night-7/gates.json', JSON.stringify({ gates }));
    const others = ['surge-with-a-name-that-is-longer-than-any-column-of-a-table', '--plot', 'trends.png'];
    told = await shop.orch(['compare', ...ids.toReversed(), ...others, '--out', 'trends.json']);
  });
  afterAll(() => shop.close());

  it('has a row for each run, by their start, and says what has a trend and what is not comparable', () => {
    expect(told.code, told.stderr).toBe(0);
    const lines = told.stdout.split('\n');
    expect(lines.filter((line) => /^ {2}\d +night/.test(line)).map((line) => line.slice(5, 12))).toEqual(ids);
    expect(told.stdout).toMatch(/night-7 +node_failure +2026-03-07 03:00 +complete +1 failed of 2/);
    expect(told.stdout).toMatch(/latency p95 +ms +30\.00 +36\.00 +\+20\.0% +\+1\.00 .* worse/);
    expect(told.stdout).toMatch(/throughput +rps .* alike/);
    expect(told.stdout).toContain('not comparable: run 8 with runs 1–7: scenario: surge, not');
    expect(told.stdout).toContain('--baseline ID');
    expect(Math.max(...lines.slice(0, 24).map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('writes the same as data, and draws it', () => {
    const { runs, groups } = JSON.parse(readFileSync(shop.path('trends.json'), 'utf8')) as RunTrends;
    expect(runs.map(({ run_id }) => run_id).slice(0, 7)).toEqual(ids);
    expect(runs[6]?.gates?.map(({ status }) => status)).toEqual(['passed', 'failed']);
    expect(groups.map(({ run_ids }) => run_ids.length)).toEqual([7, 1]);
    expect(readFileSync(shop.path('trends.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it.each<[string, readonly string[], number, string]>([
    ['one run only', ['night-1', 'night-1'], 104, 'two runs at least'],
    ['a run that is not there', ['night-1', 'nihgt-2'], 104, 'there is no run nihgt-2'],
    [
      'a chart of a kind that is none',
      ['night-1', 'night-2', '--plot', 'trends.pdf'],
      104,
      '--plot trends.pdf',
    ],
  ])('refuses %s', async (_, args, code, said) => {
    const refused = await shop.orch(['compare', ...args]);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toContain(said);
  });

  it('names a run that cannot be read', async () => {
    shop.write('runs/night-1/metrics.csv', '');
    const refused = await shop.orch(['compare', 'night-1', 'night-2']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/night-1.*is empty/);
  });
});
