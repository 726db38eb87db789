import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scenarioText, Workshop } from './support.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

/** Every process that is there and was started for a node. */
function nodes(): string {
  const all = execFileSync('ps', ['-e', '-o', 'pid=', '-o', 'args='], { encoding: 'utf8' });
  return all
    .split('\n')
    .filter((line) => line.includes(shop.directory))
    .join('\n');
}

describe('a plan', () => {
  const failure = scenarioText('s', [2, 3, 2], {
    type: 'kill_node',
    undo: 'restart_node',
    node: 'service-node-2',
  });

  it.each([
    ['plan', ['plan', 's.yaml']],
    ['run --dry-run', ['run', '--scenario', 's.yaml', '--dry-run']],
  ])('is shown by `orch %s`, and nothing is touched', async (_, args) => {
    shop.write('s.yaml', failure);
    const { code, stdout, stderr } = await shop.orch([...args, '--driver', 'process']);
    expect(code, stderr).toBe(0);
    const lines = stdout.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '));
    expect(lines).toContain('0.0s | warmup | load 50 rps | service-node-1, service-node-2, service-node-3');
    expect(lines).toContain('2.0s | failure | kill | service-node-2 | by starting it, at 5.0s');
    expect(lines).toContain('5.0s | recovery | undo kill | service-node-2');
    expect(existsSync(shop.path('runs'))).toBe(false);
    expect(nodes()).toBe('');
  });

  it('is data, too', async () => {
    shop.write('s.yaml', failure);
    const { stdout } = await shop.orch(['plan', 's.yaml', '--driver', 'process', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      mode: 'http',
      driver: { name: 'process' },
      duration_sec: 7,
      timeline: [
        { at_sec: 0, does: 'load 50 rps' },
        { at_sec: 2, does: 'kill', touches: ['service-node-2'], undo: { at_sec: 5, by_end: false } },
        { at_sec: 5, does: 'undo kill', undo: null },
      ],
    });
  });

  it('that reaches further than the config allows is refused by validate, plan and run alike', async () => {
    shop.write('config.yaml', 'blast_radius: { min_healthy: 3 }\n');
    shop.write('s.yaml', failure);
    for (const args of [
      ['validate', 's.yaml'],
      ['plan', 's.yaml', '--driver', 'process'],
      ['run', '--scenario', 's.yaml', '--driver', 'process'],
    ]) {
      const { code, stdout, stderr } = await shop.orch(args);
      expect(code, args[0]).toBe(104);
      expect(stdout + stderr).toContain('cannot kill service-node-2: 2 http nodes would be left');
    }
  });

  it('that reaches too far is refused with the place, and there is no run', async () => {
    shop.write('s.yaml', `blast_radius: { max_down: 1, min_healthy: 3 }\n${failure}`);
    const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml', '--driver', 'process']);
    expect(code).toBe(104);
    expect(stderr).toMatch(/s\.yaml:5:\d+: cannot kill service-node-2: 2 http nodes would be left/);
    expect(existsSync(shop.path('runs'))).toBe(false);
  });
});

describe('a run', () => {
  it('is stopped by a condition of its scenario, and that is no failure', async () => {
    const fault = { type: 'kill_node', undo: 'restart_node', node: 'service-node-2' };
    shop.write('s.yaml', `stop_when: [error_rate > 15% for 2s]\n${scenarioText('s', [2, 60, 1], fault)}`);
    const args = ['run', '--scenario', 's.yaml', '--run-id', 'r', '--driver', 'process', '--seed', '1'];
    const { code, stderr } = await shop.orch(args);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('kill service-node-2: serves again');
    expect(shop.manifest('r')).toMatchObject({ status: 'stopped', conclusive: true, still_broken: [] });
    expect(shop.manifest('r').reason).toMatch(/^error_rate > 15% for 2s \(it was \d/);
    const analysed = await shop.orch(['analyze', '--baseline', 'r', '--run', 'r']);
    expect(analysed.stdout).toContain('run: it was stopped: error_rate > 15% for 2s');
  });

  it('has a condition that makes no sense refused, with its place', async () => {
    shop.write('s.yaml', `stop_when: [errors > 15% for 2s]\n${scenarioText('s', [2])}`);
    const { code, stdout } = await shop.orch(['validate', 's.yaml']);
    expect(code).toBe(104);
    expect(stdout).toMatch(/s\.yaml:1:13: .*there is no metric `errors`; there are error_rate, /);
  });

  it('uses an engine on another machine only where that is said', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    const remote = { DOCKER_HOST: 'tcp://192.0.2.1:2375' };
    const args = ['run', '--scenario', 's.yaml', '--driver', 'docker'];
    const { code, stderr } = await shop.orch(args, remote);
    expect(code).toBe(104);
    expect(stderr).toContain(
      'the Docker Engine at tcp://192.0.2.1:2375 is on another machine [remote-engine]',
    );
    expect(existsSync(shop.path('runs', 's'))).toBe(false);
    expect((await shop.orch(['runs'])).stdout).toContain('no runs');
  });
});
