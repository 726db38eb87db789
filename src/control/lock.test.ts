import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { until } from './driver.contract.ts';
import { holderOf, type LockOwner, socketPath, takeLock } from './lock.ts';

const owner: LockOwner = { role: 'run', pid: process.pid, run_id: 'r1' };
const name = (text: string) => `test ${process.pid} ${text}`;

describe('a lock', () => {
  it('has one owner, who says who it is; released, it can be taken again', async () => {
    const first = await takeLock(name('one'), owner);
    expect(first.lock).not.toBeNull();
    expect(await takeLock(name('one'), { ...owner, run_id: 'r2' })).toEqual({ lock: null, owner });
    expect(await holderOf(name('one'))).toEqual(owner);
    await first.lock?.release();
    expect(await holderOf(name('one'))).toBeUndefined();
    const again = await takeLock(name('one'), { ...owner, run_id: 'r2' });
    expect(again.lock).not.toBeNull();
    await again.lock?.release();
  });

  it('is released though one who asked for it stands still', async () => {
    const { lock } = await takeLock(name('three'), owner);
    const asking = connect({ path: socketPath(name('three')), allowHalfOpen: true });
    await once(asking, 'connect');
    await holderOf(name('three'));
    await lock?.release();
    expect(await holderOf(name('three'))).toBeUndefined();
    asking.destroy();
  });

  it('dies with its owner, and is held by one that only stands still', async () => {
    const module = new URL('./lock.ts', import.meta.url).href;
    const script = `
      const { takeLock } = await import(${JSON.stringify(module)});
      await takeLock(${JSON.stringify(name('two'))}, ${JSON.stringify({ ...owner, run_id: 'child' })});
      console.log('taken');
      setInterval(() => {}, 1000);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(await holderOf(name('two'))).toMatchObject({ run_id: 'child' });
    child.kill('SIGSTOP');
    await until(async () => (await holderOf(name('two'))) === null, 'the owner to stand still');
    child.kill('SIGKILL');
    await until(async () => (await holderOf(name('two'))) === undefined, 'the lock to be free');
  });
});
