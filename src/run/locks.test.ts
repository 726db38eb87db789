import { describe, expect, it } from 'vitest';
import type { LockOwner } from '../control/lock.ts';
import type { NodeSpec } from '../model/node.ts';
import { lockNodes, nodeLocks } from './locks.ts';

const node = (url: string, managed = true, name = 'web-1'): NodeSpec => ({
  name,
  kind: 'http',
  url,
  managed,
});
const owner = (run: string): LockOwner => ({ role: 'run', pid: process.pid, run_id: run });
const port = 40_000 + (process.pid % 20_000);

describe('the locks of nodes', () => {
  it.each(['http://localhost:80/x', 'http://127.0.0.1', 'http://[::1]:80'])('know %s by one name', (url) => {
    expect(nodeLocks(node(url, false), null)).toEqual(['node http://127.0.0.1:80']);
  });

  it('of a container are its service’s and its address’s, so that a list of URLs leads to it as well', async () => {
    const container = node(`http://localhost:${port}`);
    const held = await lockNodes([container], 'unix:///run/docker.sock shop', owner('first'));
    const byUrl = node(`http://127.0.0.1:${port}`, false, `127.0.0.1:${port}`);
    await expect(lockNodes([byUrl], null, owner('second'))).rejects.toMatchObject({
      code: 'run-active',
      message: `127.0.0.1:${port} is in use by the run first (pid ${process.pid})`,
    });
    const moved = node(`http://127.0.0.1:${port + 1}`);
    await expect(lockNodes([moved], 'unix:///run/docker.sock shop', owner('third'))).rejects.toThrow(
      'web-1 is in use by the run first',
    );
    await held.release();
    const again = await lockNodes([byUrl], null, owner('second'));
    await again.release();
  });

  it('are taken all or none', async () => {
    const [one, two] = [node(`http://127.0.0.1:${port + 2}`), node(`http://127.0.0.1:${port + 3}`)];
    const held = await lockNodes([two], null, owner('first'));
    await expect(lockNodes([one, two], null, owner('second'))).rejects.toThrow('in use');
    const free = await lockNodes([one], null, owner('third'));
    await free.release();
    await held.release();
  });
});
