import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeSpec } from '../model/node.ts';
import { needs } from '../testing/requirements.ts';
import { until } from './driver.contract.ts';
import { startKeeper } from './keep.ts';
import { freePort } from './ports.ts';
import { lookUp } from './process-table.ts';

let children: ChildProcess[];
beforeEach(() => {
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function sleeper(): Promise<{ pid: number; startTime: string; child: ChildProcess }> {
  const child = spawn('sleep', ['1000']);
  children.push(child);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  return { pid, startTime: lookUp(pid)?.startTime ?? '', child };
}

describe('the keeper', () => {
  it('ends what is left at the end, paused or not; what was removed, and what only has the pid, it leaves', async () => {
    const keeper = startKeeper();
    const [left, paused, removed, other] = [
      await sleeper(),
      await sleeper(),
      await sleeper(),
      await sleeper(),
    ];
    paused.child.kill('SIGSTOP');
    keeper.add(left.pid, left.startTime);
    keeper.add(paused.pid, paused.startTime);
    keeper.add(removed.pid, removed.startTime);
    keeper.remove(removed.pid);
    keeper.add(other.pid, `1${other.startTime}`);
    await keeper.close();
    await until(() => lookUp(left.pid) === undefined, 'the one left to be ended');
    await until(() => lookUp(paused.pid) === undefined, 'the paused one to be ended');
    expect(lookUp(removed.pid)).toBeDefined();
    expect(lookUp(other.pid)).toBeDefined();
  });
});

describe('a driver’s process that is ended by SIGKILL', () => {
  async function leavesNothing(kind: NodeSpec['kind'], isPaused: boolean): Promise<void> {
    const directory = mkdtempSync(join(tmpdir(), 'orch-parent-'));
    const [script, report] = [join(directory, 'parent.ts'), join(directory, 'pids')];
    writeFileSync(
      script,
      `
      import { writeFileSync, renameSync } from 'node:fs';
      import { createProcessDriver } from ${JSON.stringify(new URL('./process.ts', import.meta.url).href)};
      const driver = createProcessDriver({ searchPath: process.env.PATH });
      await driver.open([
        { name: 'node', kind: '${kind}', url: '${kind}://127.0.0.1:${await freePort()}', managed: true },
      ]);
      if (${isPaused}) await driver.pause('node');
      writeFileSync('${report}.new', (await driver.observe('node')).incarnation);
      renameSync('${report}.new', '${report}');
      `,
    );
    const parent = spawn(process.execPath, [script], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, TMPDIR: directory },
    });
    children.push(parent);
    const pidOf = () => {
      try {
        return Number(readFileSync(report, 'utf8').split('@')[0]);
      } catch {
        return undefined;
      }
    };
    await until(() => pidOf() !== undefined, 'the node to be started');
    const pid = pidOf() ?? 0;
    expect(lookUp(pid)).toBeDefined();
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await until(() => lookUp(pid) === undefined, 'the node to be ended');
    rmSync(directory, { recursive: true });
  }

  it('leaves no HTTP node', () => leavesNothing('http', false));
  it('leaves no paused HTTP node', () => leavesNothing('http', true));
  it.skipIf(!needs('redis'))('leaves no Redis node', () => leavesNothing('redis', false));
  it.skipIf(!needs('redis'))('leaves no paused Redis node', () => leavesNothing('redis', true));
});
