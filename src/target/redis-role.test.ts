import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { NodeSpec } from '../model/node.ts';
import { needs } from '../testing/requirements.ts';
import { askRole } from './redis.ts';
import { roleOf } from './redis-role.ts';
import { freePort, TestNode } from './target.contract.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(...options: string[]): Promise<TestNode> {
  const nodeCommand = (port: number): [string, ...string[]] => [
    'redis-server',
    '--bind',
    '127.0.0.1',
    '--port',
    String(port),
    '--save',
    '',
    // A replica keeps what it was sent in a file otherwise, where the tests were started.
    '--rdb-del-sync-files',
    'yes',
    ...options,
  ];
  const node = new TestNode({ kind: 'redis', nodeCommand }, await freePort());
  closers.push(() => node.kill());
  await node.start();
  return node;
}

const portOf = ({ spec }: TestNode) => new URL(spec.url).port;
const at = (port: number): NodeSpec => ({
  name: 'n',
  kind: 'redis',
  url: `redis://127.0.0.1:${port}`,
  managed: false,
});

describe.skipIf(!needs('redis'))('a Redis node', () => {
  test('says that it is master or replica, and another thing once that has changed', async () => {
    const master = await start();
    const replica = await start('--replicaof', '127.0.0.1', portOf(master));
    expect(await askRole(master.spec, 2000)).toEqual({ role: 'master' });
    expect(await askRole(replica.spec, 2000)).toEqual({ role: 'replica' });
    await master.kill();
    // A replica stays one when its master has gone, until somebody makes it more.
    expect(await askRole(replica.spec, 2000)).toEqual({ role: 'replica' });
    const socket = connect(Number(portOf(replica)), '127.0.0.1');
    socket.end('REPLICAOF NO ONE\r\n');
    await socket.toArray();
    expect(await askRole(replica.spec, 2000)).toEqual({ role: 'master' });
  });

  test('that wants a password, is frozen or is not there says nothing of its role, and why is told', async () => {
    const locked = await start('--requirepass', 'secret');
    expect(await askRole(locked.spec, 2000)).toEqual({ problem: 'NOAUTH' });
    const open = { ...locked.spec, url: locked.spec.url.replace('//', '//:secret@') };
    expect(await askRole(open, 2000)).toEqual({ role: 'master' });
    locked.freeze();
    expect(await askRole(open, 200)).toEqual({ problem: 'no answer in time' });
    locked.thaw();
    expect(await askRole(at(await freePort()), 2000)).toEqual({ problem: 'ECONNREFUSED' });
  });
});

test('what is not Redis has no role', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {}).resume();
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  expect(await askRole(at(port), 2000)).toEqual({ problem: 'bad_response' });
});

test('a sentinel is neither master nor replica', () => {
  expect(roleOf(['sentinel', []])).toEqual({ problem: 'it answers "sentinel" to ROLE' });
  expect(roleOf('OK')).toEqual({ problem: 'it answers "OK" to ROLE' });
});
