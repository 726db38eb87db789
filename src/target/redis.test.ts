import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { NodeSpec } from '../model/node.ts';
import type { Reply } from '../model/record.ts';
import { asked } from '../testing/asked.ts';
import { needs } from '../testing/requirements.ts';
import { createRedisTarget } from './redis.ts';
import { eventually, freePort, TestNode, targetContract } from './target.contract.ts';
import type { Target } from './target.ts';

const options = (...commands: readonly (readonly string[])[]) => ({
  workload: commands.map((each) => ({ weight: 1, commands: [...each] })),
  workloads: {},
  feeds: {},
  seed: 1,
});
const counting = options(['INCR orch:counter', 'GET orch:counter']);

const server =
  (...options: string[]) =>
  (port: number, backlog: number): [string, ...string[]] => [
    'redis-server',
    '--bind',
    '127.0.0.1',
    '--port',
    String(port),
    '--tcp-backlog',
    String(backlog),
    '--save',
    '',
    ...options,
  ];

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A target whose operations are these, one command or several each. */
async function target(spec: NodeSpec, ...operations: (string | string[])[]): Promise<Target> {
  const created = createRedisTarget(options(...operations.map((commands) => [commands].flat())));
  closers.push(() => created.close());
  await created.open([spec]);
  return created;
}

function invoke(by: Target, spec: NodeSpec, index = 0, timeoutMs = 5000): Promise<Reply> {
  return asked(by, spec, { name: 'any', index }, timeoutMs);
}

const failedWith = (error: string): Reply => ({ outcome: 'fail', status: 0, error });

/** How many clients the node has beside the one that asks. */
async function clients(spec: NodeSpec): Promise<number> {
  const socket = connect(Number(new URL(spec.url).port), '127.0.0.1').setEncoding('utf8');
  socket.end('INFO clients\r\n');
  const answer = (await socket.toArray()).join('');
  return Number(/connected_clients:(\d+)/.exec(answer)?.[1]) - 1;
}

describe.skipIf(!needs('redis'))('with a redis-server', () => {
  targetContract({
    kind: 'redis',
    module: new URL('./redis.ts', import.meta.url).href,
    factory: 'createRedisTarget',
    options: counting,
    create: () => createRedisTarget(counting),
    createHeld: () => createRedisTarget(options(['BLPOP orch:nothing 0'])),
    nodeCommand: server(),
  });

  async function start(...options: string[]): Promise<{ node: TestNode; spec: NodeSpec }> {
    const node = new TestNode({ kind: 'redis', nodeCommand: server(...options) }, await freePort());
    closers.push(() => node.kill());
    await node.start();
    return { node, spec: node.spec };
  }
  const withUrl = (spec: NodeSpec, change: (url: string) => string): NodeSpec => ({
    ...spec,
    url: change(spec.url),
  });

  test('an operation is ok when each of its commands is, and else has the first error’s code', async () => {
    const { spec } = await start();
    const by = await target(
      spec,
      ['SET a 1', 'INCR a', 'GET a'],
      ['SET text abc', 'INCR text', 'LPUSH text x'],
      ['SET text abc', 'LPUSH text x'],
      'NOSUCH command',
    );
    expect(await invoke(by, spec, 0)).toEqual({ outcome: 'ok', status: 0, error: '' });
    expect(await invoke(by, spec, 1)).toEqual(failedWith('ERR'));
    expect(await invoke(by, spec, 2)).toEqual(failedWith('WRONGTYPE'));
    expect(await invoke(by, spec, 3)).toEqual(failedWith('ERR'));
  });

  test('operations sent at once, round after round, have each their own outcome', async () => {
    const { spec } = await start();
    const by = await target(
      spec,
      'SET text ä{{seq}}',
      ['GET text', 'LPUSH text x', 'NOSUCH command'],
      'NOSUCH command',
      ['INCR number', 'GET number'],
    );
    const outcomes = ['', 'WRONGTYPE', 'ERR', ''];
    for (let round = 0; round < 5; round += 1) {
      const replies = await Promise.all(
        Array.from({ length: 200 }, (_, seq) => asked(by, spec, { name: 'any', index: seq % 4 }, 5000, seq)),
      );
      expect(replies.map(({ error }) => error)).toEqual(replies.map((_, seq) => outcomes[seq % 4]));
    }
  });

  test('a replica refuses to write with READONLY, and still answers a probe', async () => {
    const { spec } = await start('--replicaof', '127.0.0.1 1');
    const by = await target(spec, 'SET a 1');
    expect(await invoke(by, spec)).toEqual(failedWith('READONLY'));
    expect(await by.probe(spec, 5000)).toBeNull();
  });

  test('the URL’s password and database are used', async () => {
    const { spec } = await start('--requirepass', 'p@ss');
    const own = withUrl(spec, (url) => `${url.replace('redis://', 'redis://:p%40ss@')}/3`);
    const by = await target(own, 'LPUSH list x', 'GET list');
    expect((await invoke(by, own, 0)).outcome).toBe('ok');
    expect(await invoke(by, own, 1)).toEqual(failedWith('WRONGTYPE'));
    // In database 0 there is no such list.
    const other = withUrl(own, (url) => url.replace('/3', '/0'));
    await by.open([other]);
    expect((await invoke(by, other, 1)).outcome).toBe('ok');
  });

  test('a password that is missing or wrong fails, and such a node still answers a probe', async () => {
    const { spec } = await start('--requirepass', 'secret');
    const by = await target(spec, 'GET a');
    expect(await invoke(by, spec)).toEqual(failedWith('NOAUTH'));
    expect(await by.probe(spec, 5000)).toBeNull();
    const wrong = withUrl(spec, (url) => url.replace('redis://', 'redis://:wrong@'));
    await by.open([wrong]);
    await eventually(async () => (await invoke(by, wrong)).error === 'WRONGPASS');
    expect(await by.probe(wrong, 5000)).toBeNull();
  });

  test('a database that does not exist is never replaced by another', async () => {
    const { spec } = await start();
    const nowhere = withUrl(spec, (url) => `${url}/99`);
    const by = await target(nowhere, 'GET a');
    const replies = new Set<string>();
    await eventually(async () => {
      const { outcome, error } = await invoke(by, nowhere);
      replies.add(outcome);
      return error === 'ERR';
    });
    expect(replies).toEqual(new Set(['fail']));
  });

  test('late answers of a frozen node never count for later operations, and connections do not pile up', async () => {
    const { node, spec } = await start();
    const by = await target(spec, 'GET text', 'LPUSH text x', 'SET text abc');
    expect((await invoke(by, spec, 2)).outcome).toBe('ok');
    node.freeze();
    for (let round = 0; round < 20; round += 1) {
      const replies = await Promise.all([0, 1, 1, 0, 1].map((index) => invoke(by, spec, index, 20)));
      expect(new Set(replies.map(({ error }) => error))).toEqual(new Set(['timeout']));
    }
    node.thaw();
    await eventually(async () => (await invoke(by, spec, 0, 1000)).outcome === 'ok');
    const mixed = Array.from({ length: 200 }, (_, count) => count % 2);
    const replies = await Promise.all(mixed.map((index) => invoke(by, spec, index)));
    expect(replies.map(({ error }) => error)).toEqual(mixed.map((index) => (index === 0 ? '' : 'WRONGTYPE')));
    await eventually(async () => (await clients(spec)) === 1);
  });

  test('a node that hangs while it is logged in to is tried again, and used once it answers', async () => {
    const { node, spec } = await start('--requirepass', 'secret');
    const own = withUrl(spec, (url) => url.replace('redis://', 'redis://:secret@'));
    node.freeze();
    const by = await target(own, 'GET a');
    expect((await invoke(by, own)).outcome).toBe('fail');
    node.thaw();
    await eventually(async () => (await invoke(by, own)).outcome === 'ok');
  });

  test('encryption that the node does not speak fails', async () => {
    const { spec } = await start();
    const encrypted = withUrl(spec, (url) => url.replace('redis://', 'rediss://'));
    const by = await target(encrypted, 'GET a');
    await eventually(async () => (await invoke(by, encrypted)).error !== 'not_connected');
    expect((await invoke(by, encrypted)).outcome).toBe('fail');
    expect(await by.probe(encrypted, 2000)).not.toBeNull();
  });
});

describe('redis target', () => {
  async function listen(answer: (socket: Socket) => void): Promise<NodeSpec> {
    const sockets = new Set<Socket>();
    const raw = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('data', () => answer(socket));
    }).listen(0, '127.0.0.1');
    await once(raw, 'listening');
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      raw.close();
      await once(raw, 'close');
    });
    const address = raw.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    return { name: 'n', kind: 'redis', url: `redis://127.0.0.1:${port}`, managed: false };
  }

  test('a node that loads its data fails with LOADING', async () => {
    const spec = await listen((socket) =>
      socket.write('-LOADING Redis is loading the dataset in memory\r\n'),
    );
    const by = await target(spec, 'GET a');
    expect(await invoke(by, spec)).toEqual(failedWith('LOADING'));
    expect(await by.probe(spec, 5000)).toBeNull();
  });

  test('a node that is no Redis fails', async () => {
    const spec = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const by = await target(spec, 'GET a');
    expect(await invoke(by, spec)).toEqual(failedWith('bad_response'));
    expect(await by.probe(spec, 5000)).not.toBeNull();
  });
});
