import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GateReport } from '../src/gate/judge.ts';
import { type Finished, Workshop } from './support.ts';

/** As CI does it: a baseline, then a run that is held against it, by the real command line on real embedded nodes. */
describe('a service in CI', () => {
  const shop = new Workshop();
  const finished: Record<string, Finished> = {};
  const baseline = ['--baseline', 'calm'];

  const run = (scenario: string, id: string, args: readonly string[] = []) =>
    shop.orch(
      ['run', '--scenario', scenario, '--run-id', id, '--driver', 'process', '--seed', '5', ...args],
      {
        GITHUB_ACTIONS: 'true',
        GITHUB_STEP_SUMMARY: shop.path('summary.md'),
        GITHUB_WORKSPACE: shop.directory,
      },
    );

  beforeAll(async () => {
    // So short a run would be nothing but warm-up.
    shop.write(
      'config.yaml',
      'http_nodes: ["http://127.0.0.1:8001"]\nhttp_services: [service-node-1]\nanomaly_detection: { warmup_ignore_sec: 0 }\nslo: 99.9\n',
    );
    shop.write(
      'calm.yaml',
      'name: calm\nphases: [{ name: steady, duration_sec: 2, actions: [{ type: start_load, target: all_nodes, rps: 100 }] }]\n',
    );
    shop.write(
      'slow.yaml',
      `name: slow
variables: { latency_ms: 5, rps: 100 }
gates:
  - { gate: p(50) < 300 during slow, name: quick enough }
  - regression(p50) < 150%
  - availability >= 99%
  - recovery_time_sec <= 1
phases:
  - name: slow
    duration_sec: 2
    actions:
      - { type: latency, target: all_nodes, latency_ms: "\${latency_ms}" }
      - { type: start_load, target: all_nodes, rps: "\${rps}" }
`,
    );
    finished['calm'] = await run('calm.yaml', 'calm');
    finished['good'] = await run('slow.yaml', 'good', [...baseline, '--junit', 'good.xml']);
    const outputs = ['--junit', 'slow.xml', '--markdown', 'slow.md'];
    const slow = ['--set', 'latency_ms=600'];
    finished['slow'] = await run('slow.yaml', 'slow', [...baseline, ...slow, ...outputs]);
    finished['little'] = await run('slow.yaml', 'little', [...baseline, '--set', 'rps=4', '--json']);
  });
  afterAll(() => shop.close());

  const report = (id: string) =>
    JSON.parse(readFileSync(shop.path('runs', id, 'gates.json'), 'utf8')) as GateReport;
  const statuses = (id: string) => report(id).gates.map(({ status }) => status);
  const text = (name: string) => readFileSync(shop.path(name), 'utf8');

  it('passes where it is good, fails where it is slow, and is inconclusive with too little data', () => {
    const codes = Object.entries(finished).map(([id, { code }]) => [id, code]);
    const said = Object.values(finished).map(({ stderr }) => stderr);
    expect(codes, said.join('\n')).toEqual([
      ['calm', 0],
      ['good', 0],
      ['slow', 99],
      ['little', 2],
    ]);
    expect(statuses('good')).toEqual(['passed', 'passed', 'passed', 'passed']);
    expect(statuses('slow')).toEqual(['failed', 'failed', 'passed', 'passed']);
    expect(statuses('little')).toEqual(['inconclusive', 'inconclusive', 'inconclusive', 'inconclusive']);
  });

  it('says what was measured, and how far it is from the limit', () => {
    const [slow] = report('slow').gates;
    expect(slow).toMatchObject({ limit: 300, unit: 'ms', name: 'quick enough' });
    expect(slow?.measured).toBeGreaterThan(600);
    expect(slow?.margin).toBe(300 - (slow?.measured ?? 0));
    expect(finished['slow']?.stderr).toMatch(/failed\s+quick enough\s+\d+\.?\d* ms\s+−\d/);
    expect(finished['slow']?.stderr).toContain('slow: 2 gates passed, 2 failed [gate-failed]');
    expect(finished['slow']?.stdout).toBe('slow\n');
    expect(JSON.parse(finished['little']?.stdout ?? '')).toMatchObject({
      exit_code: 2,
      verdict: { status: 'inconclusive', baseline_id: 'calm' },
    });
    expect(report('little').gates[0]?.why).toBe('8 requests cannot show p50: 20 are needed');
  });

  it('tells CI: cases for gates, faults and undos, annotations at the gate’s line, a summary, a comment', () => {
    expect(text('good.xml')).toContain('tests="6" failures="0" errors="0" skipped="0"');
    expect(text('slow.xml')).toContain('tests="6" failures="2" errors="0" skipped="0"');
    expect(finished['slow']?.stderr).toMatch(
      /^::error file=slow\.yaml,line=4,title=orch%3A failed::quick enough/m,
    );
    expect(finished['little']?.stderr).toMatch(/^::warning file=slow\.yaml,line=4,/m);
    expect(finished['good']?.stderr).not.toContain('::');
    const told = text('summary.md')
      .split('\n')
      .filter((line) => line.startsWith('### '));
    expect(told).toEqual([
      '### ✅ 4 gates passed',
      '### ❌ 2 gates passed, 2 failed',
      '### ❔ 4 gates inconclusive',
    ]);
    expect(text('summary.md')).toContain(text('slow.md'));
  });

  it('shows beforehand what will be judged, and what could not be', async () => {
    const asked = ['--scenario', 'slow.yaml', '--driver', 'process', '--set', 'rps=4', '--dry-run'];
    const gate = ['--gate', 'lost_writes == 0'];
    const { code, stdout, stderr } = await shop.orch(['run', ...asked, ...gate]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /quick enough: p\(50\) .* cannot be judged: it needs 20 requests, and some 8 are due/,
    );
    expect(stdout).toMatch(/recovery_time_sec <= 1 +--baseline +can be judged/);
    expect(stdout).toMatch(/lost_writes == 0 +cannot be judged: the scenario has no `checks` of writes/);
  });

  it('leaves no account of an earlier run where none was made', async () => {
    for (const name of ['old.xml', 'old.md']) shop.write(name, 'what an earlier run came to');
    const { code } = await run('nowhere.yaml', 'nothing', ['--junit', 'old.xml', '--markdown', 'old.md']);
    expect(code).toBe(104);
    expect(['old.xml', 'old.md'].filter((name) => existsSync(shop.path(name)))).toEqual([]);
  });

  it('leaves an analysis that has all that orch analyze has, the share of the error budget too', () => {
    expect(shop.analysis('slow')).toMatchObject({
      slo_pct: 99.9,
      costs: [{ error_budget_pct: expect.any(Number) }],
    });
  });

  it('comes to the same by orch gate, from the files alone', async () => {
    const again = await shop.orch(['gate', '--run', 'slow', ...baseline, '--json']);
    expect(again.code).toBe(99);
    expect(JSON.parse(again.stdout)).toEqual(report('slow'));
  });
});
