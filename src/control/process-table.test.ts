import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from './driver.contract.ts';
import { lookUp, lookUpInProc, lookUpWithPs } from './process-table.ts';

const hasPs = (() => {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(process.pid)]).length > 0;
  } catch {
    return false;
  }
})();

const ways = [
  { way: '/proc', look: lookUpInProc, possible: existsSync('/proc/self/stat') },
  { way: 'ps', look: lookUpWithPs, possible: hasPs },
];

let child: ChildProcess;
afterEach(() => child.kill('SIGKILL'));

describe.each(ways)('processes by $way', ({ look, possible }) => {
  it.skipIf(!possible)('tells running, paused and gone, and keeps the start time', async () => {
    child = spawn('sleep', ['1000']);
    const pid = child.pid ?? 0;
    await once(child, 'spawn');
    const first = look(pid);
    expect(first).toMatchObject({ state: 'running' });
    expect(first?.startTime).toMatch(/\d/);

    child.kill('SIGSTOP');
    await until(() => look(pid)?.state === 'paused', 'the process to be paused');
    child.kill('SIGCONT');
    await until(() => look(pid)?.state === 'running', 'the process to go on');
    expect(look(pid)?.startTime).toBe(first?.startTime);

    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(look(pid)).toBeUndefined();
  });

  it.skipIf(!possible)('counts a process that nobody has reaped as gone', async () => {
    // The shell starts a child that ends at once, and becomes a sleep, which never asks for it.
    child = spawn('sh', ['-c', 'true & echo $!; exec sleep 1000'], { stdio: ['ignore', 'pipe', 'ignore'] });
    if (child.stdout === null) throw new Error('no pipe');
    const [said] = await once(child.stdout, 'data');
    await until(() => look(Number(String(said))) === undefined, 'the zombie to be seen as gone');
  });
});

it.skipIf(!existsSync('/proc/self/stat'))('is not led astray by a program’s name', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orch-name-'));
  const program = join(directory, 'a) T 1 (b');
  copyFileSync('/bin/sh', program);
  child = spawn(program, ['-c', 'read line']);
  await once(child, 'spawn');
  expect(lookUpInProc(child.pid ?? 0)).toMatchObject({ state: 'running' });
  rmSync(directory, { recursive: true });
});

it('knows this very process', () => {
  child = spawn('true');
  expect(lookUp(process.pid)).toMatchObject({ state: 'running' });
});
