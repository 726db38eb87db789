import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root, Workshop } from './support.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

describe('the scenario with variables, fragments and a template', () => {
  const surge = join(root, 'scenarios/surge.yaml');
  const short = ['calm_sec=1', 'down_sec=1', 'surge_rps=80'].flatMap((value) => ['--set', value]);

  it('runs, and its directory holds all that it was made of', { timeout: 60_000 }, async () => {
    const { code, stderr } = await shop.orch(
      ['run', '--scenario', surge, '--run-id', 'r', '--driver', 'process', ...short],
      { ORCH_VAR_RPS: '40' },
    );
    expect(code, stderr).toBe(0);
    const { scenario, counts } = shop.manifest('r');
    expect(scenario.variables).toEqual({ rps: 40, surge_rps: 80, calm_sec: 1, down_sec: 1 });
    expect(scenario.text).toBe(readFileSync(surge, 'utf8'));
    const fragment = join(root, 'scenarios/fragments/outage.yaml');
    expect(scenario.includes).toEqual([
      {
        path: fragment,
        text: readFileSync(fragment, 'utf8'),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    // Three seconds at 40 rps, and three at 80: 360, but for what a late beginning costs.
    expect(counts.due).toBeGreaterThan(320);
    expect(counts.due).toBeLessThanOrEqual(360);
    expect(
      shop.events('r').flatMap((event) => (event.type === 'phase_started' ? [event.phase] : [])),
    ).toEqual([
      '40 rps',
      'service-node-2 down',
      'service-node-2 back',
      '80 rps',
      'service-node-3 down',
      'service-node-3 back',
    ]);
  });

  it('is shown resolved by plan, with where each value came from, and by validate', async () => {
    const plan = await shop.orch(['plan', surge, '--driver', 'process', ...short], { ORCH_VAR_RPS: '40' });
    expect(plan.code, plan.stderr).toBe(0);
    expect(plan.stdout).toMatch(/rps +40 +the environment \(ORCH_VAR_RPS\)\n/);
    expect(plan.stdout).toMatch(/surge_rps +80 +--set surge_rps=80\n/);
    expect(plan.stdout).toMatch(/includes \S+\/scenarios\/fragments\/outage\.yaml\n/);
    expect(plan.stdout).toMatch(/\n +1\.0s +service-node-2 down +kill +service-node-2/);
    const json = await shop.orch(['run', '--scenario', surge, '--dry-run', '--json', ...short]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      variables: [
        { name: 'rps', value: 50, from: `${surge}:5:19` },
        { name: 'surge_rps', value: 80 },
        { name: 'calm_sec', value: 1 },
        { name: 'down_sec', value: 1 },
      ],
      duration_sec: 6,
    });
    const validated = await shop.orch(['validate', surge, join(root, 'scenarios/fragments/outage.yaml')]);
    expect(validated).toMatchObject({ code: 0 });
    expect(validated.stdout).toMatch(/^ok {2}\S+surge\.yaml \(scenario\)\n {2}rps = 50, from \S+:5:19\n/);
    expect(validated.stdout).toMatch(/\nok {2}\S+outage\.yaml \(fragment\)\n$/);
  });
});

describe('a secret variable', () => {
  it('is in no file of the run, and in nothing that is said of it', { timeout: 60_000 }, async () => {
    mkdirSync(shop.path('parts'));
    shop.write(
      'parts/load.yaml',
      [
        'parameters: { note: { required: true }, rps: 20 }',
        'actions: [{ type: start_load, target: all_nodes, rps: "${rps}" }]',
      ].join('\n'),
    );
    const lines = [
      'name: s',
      'description: It lets one in with ${token}.',
      'variables: { token: { secret: true, required: true, from_env: TOKEN } }',
      'phases: [{ name: p, duration_sec: 1, actions: [{ include: parts/load.yaml, with: { note: "${token}" } }] }]',
    ];
    shop.write('s.yaml', lines.join('\n'));
    const run = ['run', '--scenario', 's.yaml', '--driver', 'process', '--run-id'];
    const fromEnv = await shop.orch([...run, 'a'], { TOKEN: 'pa55-word' });
    const fromSet = await shop.orch([...run, 'b', '--set', 'token=pa55-word']);
    const plan = await shop.orch(['plan', 's.yaml', '--set', 'token=pa55-word']);
    for (const { code, stdout, stderr } of [fromEnv, fromSet, plan]) {
      expect(code, stderr).toBe(0);
      expect(stdout + stderr).not.toContain('pa55');
    }
    for (const id of ['a', 'b']) {
      expect(shop.manifest(id).scenario.variables).toEqual({ token: '***' });
      const files = readdirSync(shop.path('runs', id), { recursive: true, withFileTypes: true });
      const kept = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
      expect(kept.length).toBeGreaterThan(2);
      expect(kept.filter((path) => readFileSync(path, 'utf8').includes('pa55'))).toEqual([]);
    }
  });
});

describe('--set', () => {
  it.each([
    [
      ['--set', 'rpss=1'],
      '--set rpss: there is no such variable; did you mean `rps`? Known: rps',
      'yaml-invalid',
    ],
    [['--set', 'rps'], '--set rps gives no variable a value, as --set rps=200 does', 'yaml-invalid'],
    [['--set', 'c', '--set', 'cc=4'], 'has 2 mistakes', 'yaml-invalid'],
    [['--set', 'rps=fast'], 's.yaml:3:92: `phases[0].actions[0].rps` is `fast`', 'yaml-invalid'],
  ])('%j is refused before anything happens', async (set, message, code) => {
    const lines = [
      'name: s',
      'variables: { rps: 1 }',
      'phases: [{ name: p, duration_sec: 1, actions: [{ type: start_load, target: all_nodes, rps: "${rps}" }] }]',
    ];
    shop.write('s.yaml', lines.join('\n'));
    for (const command of [['run', '--scenario'], ['plan']]) {
      const told = await shop.orch([...command, 's.yaml', ...set]);
      expect(told.code).toBe(104);
      expect(told.stderr).toContain(message);
      expect(told.stderr).toContain(`[${code}]`);
    }
    expect((await shop.orch(['runs', '--json'])).stdout).toBe('[]\n');
  });
});
