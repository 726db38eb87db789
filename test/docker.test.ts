import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultEvent } from '../src/model/event.ts';
import { needs } from '../src/testing/requirements.ts';
import { ComposeStack } from './compose-stack.ts';
import { said, scenarioText, Workshop } from './support.ts';

const stack = new ComposeStack('test');
const { project } = stack;

/** Takes a port as soon as the one who has it has gone. */
async function occupy(port: number): Promise<Server> {
  for (;;) {
    const server = createServer().listen(port, '127.0.0.1');
    const taken = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (taken) return server;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe.skipIf(!needs('docker') || !needs('compose'))('orch on containers', () => {
  let shop: Workshop;

  beforeAll(() => stack.up());
  afterAll(() => stack.down());
  beforeEach(() => {
    shop = new Workshop();
    shop.write('config.yaml', [...stack.config, 'load: { timeout_sec: 1 }'].join('\n'));
  });
  afterEach(() => shop.close());

  const write = (seconds: readonly number[], type: string, undo: string, node: string) =>
    shop.write('s.yaml', scenarioText('s', seconds, { type, undo, node }));

  it.each([
    ['http', 'kill_node', 'restart_node', 'service-node-2', 'exited'],
    ['http', 'stop_node', 'restart_node', 'service-node-1', 'exited'],
    ['http', 'pause_node', 'unpause_node', 'service-node-3', 'paused'],
    ['redis', 'kill_node', 'restart_node', 'redis-node-1', 'exited'],
  ])(
    '%s: %s shows in the engine and in the rows, and %s brings %s back',
    async (mode, type, undo, node, state) => {
      write([3, 4, 4], type, undo, node);
      const { child, done } = shop.start([
        'run',
        '--scenario',
        's.yaml',
        '--run-id',
        'r',
        '--mode',
        mode,
        '--seed',
        '3',
      ]);
      await said(child, new RegExp(`${type.replace('_node', '')} ${node}: effective`));
      expect(stack.stateOf(node)).toBe(state);
      const { code, stderr } = await done;
      expect(code, stderr).toBe(0);
      expect(stderr).toContain(`driver: docker (the compose project ${project} runs`);
      expect(stack.stateOf(node)).toBe('running');
      const faults = shop.events('r').filter((event): event is FaultEvent => event.type === 'fault');
      expect(faults.map((fault) => fault.state)).toEqual([
        'requested',
        'effective',
        'undo_requested',
        'undone',
        'verified',
      ]);
      const broken = shop.rows('r').filter((row) => row.includes(',failure,') && row.includes(`,${node},`));
      expect(broken.length).toBeGreaterThan(20);
      // What was asked of a paused node in the last second is still answered in time.
      expect(broken.filter((row) => row.includes(',ok,')).length).toBeLessThan(broken.length * 0.45);
      const others = shop.rows('r').filter((row) => !row.includes(`,${node},`));
      expect(others.filter((row) => !row.includes(',ok,'))).toEqual([]);
    },
  );

  it('that is interrupted leaves every container as it was', async () => {
    write([2, 30, 4], 'kill_node', 'restart_node', 'service-node-2');
    const { child, done } = shop.start(['run', '--scenario', 's.yaml', '--run-id', 'r']);
    await said(child, /kill service-node-2: effective/);
    child.kill('SIGINT');
    const { code, stderr } = await done;
    expect(code, stderr).toBe(105);
    expect(stack.stateOf('service-node-2')).toBe('running');
  });

  it('that somebody else brings back is left alone, and told in log and analysis', async () => {
    write([1, 6, 2], 'kill_node', 'restart_node', 'service-node-2');
    const { child, done } = shop.start(['run', '--scenario', 's.yaml', '--run-id', 'r']);
    await said(child, /kill service-node-2: effective/);
    stack.compose('start', 'service-node-2');
    const { code, stderr } = await done;
    expect(code, stderr).toBe(0);
    expect(stack.stateOf('service-node-2')).toBe('running');
    const told =
      'kill service-node-2 was undone by somebody else, or by a restart policy, first: the node was running already';
    expect(stderr).toContain(`warning: ${told}`);
    const analysed = await shop.orch(['analyze', '--baseline', 'r', '--run', 'r']);
    expect(analysed.stdout).toContain(`warning: run: ${told}`);
  });

  it('that cannot be brought back are named, with the command that does it', async () => {
    write([1, 3, 1], 'kill_node', 'restart_node', 'service-node-2');
    const { child, done } = shop.start(['run', '--scenario', 's.yaml', '--run-id', 'r']);
    await said(child, /kill service-node-2: effective/);
    const thief = await occupy(stack.portOf('service-node-2'));
    const { code, stderr } = await done;
    thief.close();
    expect(code, stderr).toBe(3);
    expect(stderr).toContain('STILL BROKEN: service-node-2 killed');
    expect(stderr).toContain('error: a fault could not be undone [undo-failed]');
    const [, id = ''] = /to repair service-node-2 killed: docker start ([0-9a-f]{12})\n/.exec(stderr) ?? [];
    execFileSync('docker', ['start', id]);
    expect(stack.stateOf('service-node-2')).toBe('running');
  });

  it('of a service that has two containers are not guessed at', async () => {
    write([1, 1, 1], 'kill_node', 'restart_node', 'redis-node-1');
    const labels = [`com.docker.compose.project=${project}`, 'com.docker.compose.service=redis-node-1'];
    const flags = labels.flatMap((label) => ['--label', label]);
    const id = execFileSync('docker', ['run', '--detach', ...flags, 'redis:7-alpine'], {
      encoding: 'utf8',
    }).trim();
    try {
      const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml', '--mode', 'redis']);
      expect(code).toBe(104);
      expect(stderr).toContain('[container-ambiguous]');
      expect(stderr).toContain(id.slice(0, 12));
    } finally {
      execFileSync('docker', ['rm', '--force', id]);
    }
  });

  it('are left for embedded nodes where the project has them not, and it says so', async () => {
    shop.write('config.yaml', 'control: { docker: { project: nobody-has-this } }\n');
    shop.write('s.yaml', scenarioText('s', [1]));
    const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml']);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(
      'driver: process (embedded nodes, as the compose project nobody-has-this does not run service-node-1',
    );
  });

  it('are what doctor finds', async () => {
    const { code, stdout } = await shop.orch(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`ok +compose project +${project} has service-node-1, .*redis-node-2`));
  });
});
