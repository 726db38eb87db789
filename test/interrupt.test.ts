import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { root, said, scenarioText, Workshop } from './support.ts';

/** Whether a process is there and no zombie. */
function runs(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const list = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    return list.trim().split(/\s+/).map(Number);
  } catch {
    return [];
  }
}

async function gone(pids: readonly number[]): Promise<readonly number[]> {
  for (let look = 0; look < 100 && pids.some(runs); look += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return pids.filter(runs);
}

describe('a run that is interrupted', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
    shop.write(
      's.yaml',
      scenarioText('s', [4, 30, 5], { type: 'pause_node', undo: 'unpause_node', node: 'service-node-2' }),
    );
  });
  afterEach(() => shop.close());
  const args = ['run', '--scenario', 's.yaml', '--run-id', 'r', '--driver', 'process'];

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'by %s undoes its fault, exits 105, and stays analysable',
    async (signal) => {
      const { child, done } = shop.start(args);
      await said(child, /pause service-node-2: effective/);
      const children = childrenOf(child.pid ?? 0);
      expect(children.length).toBeGreaterThanOrEqual(3);
      child.kill(signal);
      const { code, stderr } = await done;
      expect(code, stderr).toBe(105);
      expect(stderr).toContain('serves again');
      expect(await gone(children)).toEqual([]);
      expect(shop.manifest('r')).toMatchObject({ status: 'interrupted', reason: signal, still_broken: [] });
      expect(shop.rows('r').length).toBe(shop.manifest('r').counts.due);
      const analysed = await shop.orch(['analyze', '--baseline', 'r', '--run', 'r']);
      expect(analysed.code, analysed.stderr).toBe(0);
      expect(analysed.stdout).toContain('interrupted');
    },
  );

  it('twice ends at once, naming what is still broken, and leaves no process', async () => {
    const { child, done } = shop.start(args);
    await said(child, /pause service-node-2: effective/);
    const children = childrenOf(child.pid ?? 0);
    child.kill('SIGSTOP'); // both signals are to arrive before the undo can have finished
    child.kill('SIGINT');
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    const { code, stderr } = await done;
    expect(code).toBe(3);
    expect(stderr).toContain('STILL BROKEN: service-node-2 paused');
    expect(stderr).toContain('its guardian undoes that now');
    expect(await gone(children)).toEqual([]);
    const reason = 'cut off: orch was interrupted twice; its guardian cleaned up';
    expect(shop.manifest('r')).toMatchObject({ status: 'interrupted', reason });
  });

  it('as its terminal is closed undoes its fault in good order', async () => {
    const command = ['stty cols 200; exec', process.execPath, join(root, 'src/main.ts'), ...args].join(' ');
    // script(1) gives it a terminal, and takes that with it.
    const terminal = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: shop.directory,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm' },
    });
    let text = '';
    terminal.stdout.on('data', (more: Buffer) => {
      text += more.toString();
    });
    await vi.waitFor(() => expect(text).toMatch(/pause service-node-2: effective/), 15_000);
    terminal.kill('SIGKILL');
    await vi.waitFor(() => expect(shop.manifest('r').status).toBe('interrupted'), 15_000);
    expect(shop.manifest('r')).toMatchObject({ reason: 'SIGHUP', still_broken: [] });
    const last = shop.events('r').filter((event) => event.type === 'fault');
    expect(last.at(-1)).toMatchObject({ state: 'verified' });
  });

  it('before it has begun leaves no run behind', async () => {
    shop.write('config.yaml', 'http_nodes: [http://127.0.0.1:17]\n');
    shop.write('s.yaml', scenarioText('s', [2]));
    const { child, done } = shop.start(['run', '--scenario', 's.yaml', '--run-id', 'r']);
    await said(child, /driver: none/);
    child.kill('SIGINT');
    expect((await done).code).toBe(105);
    expect((await shop.orch(['runs'])).stdout).toContain('no runs');
  });
});
