import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { execPath } from 'node:process';
import { afterEach, describe, expect, test } from 'vitest';
import { configSchema } from '../model/config.ts';
import type { NodeSpec } from '../model/node.ts';
import type { Reply } from '../model/record.ts';
import { asked } from '../testing/asked.ts';
import { createHttpTarget } from './http.ts';
import { eventually, targetContract } from './target.contract.ts';
import type { Target } from './target.ts';

const options = (given: object) => ({
  workload: configSchema.parse({ http_workload: given }).http_workload,
  workloads: {},
  feeds: {},
  seed: 1,
  maxInFlight: 100,
});

const node = `require('node:http').createServer((request, response) => {
  request.resume();
  if (request.url !== '/held') response.end('done');
}).listen(Number(process.argv[1]), '127.0.0.1', Number(process.argv[2]))`;

targetContract({
  kind: 'http',
  module: new URL('./http.ts', import.meta.url).href,
  factory: 'createHttpTarget',
  options: options({}),
  create: () => createHttpTarget(options({})),
  createHeld: () => createHttpTarget(options({ path: '/held' })),
  nodeCommand: (port, backlog) => [execPath, '-e', node, String(port), String(backlog)],
});

describe('http target', () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  async function listen(server: Server | ReturnType<typeof createServer>): Promise<NodeSpec> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    return { name: 'n', kind: 'http', url: `http://127.0.0.1:${port}`, managed: false };
  }
  const listenHttp = (answer: RequestListener) => listen(createHttpServer(answer));
  /** A server that writes these bytes to each connection that has sent something. */
  const listenRaw = (answer: (socket: Socket) => void) =>
    listen(createServer((socket) => socket.on('error', () => {}).once('data', () => answer(socket))));

  function target(given: object = {}): Target {
    const created = createHttpTarget(options(given));
    closers.push(() => created.close());
    return created;
  }
  const invoke = (by: Target, spec: NodeSpec, timeoutMs = 5000): Promise<Reply> =>
    asked(by, spec, by.operation(0, null), timeoutMs);

  test('method, path, headers and body arrive as the workload says', async () => {
    const seen: unknown[] = [];
    const spec = await listenHttp((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        seen.push([method, url, headers['x-a'], headers['content-type'], headers['content-length']]);
        seen.push(Buffer.concat(chunks).toString());
        response.end();
      });
    });
    const by = target({ method: 'PUT', path: '/äé?q=1', headers: { 'X-A': 'b' }, body: { text: 'ü' } });
    expect(by.operation(0.5, null)).toEqual({ name: 'PUT /äé', index: 0 });
    const reply = await invoke(by, { ...spec, url: `${spec.url}/base/` });
    expect(reply).toEqual({ outcome: 'ok', status: 200, error: '' });
    expect(seen).toEqual([['PUT', '/base/%C3%A4%C3%A9?q=1', 'b', 'application/json', '13'], '{"text":"ü"}']);
  });

  test.each([
    [200, ['2xx'], 'ok', ''],
    [204, ['2xx'], 'ok', ''],
    [404, ['2xx', 404], 'ok', ''],
    [503, ['2xx'], 'fail', 'http_503'],
    [302, ['2xx'], 'fail', 'http_302'],
    [201, [200], 'fail', 'http_201'],
  ])('status %i where %j are expected is %s %s', async (status, expected_status, outcome, error) => {
    let requests = 0;
    const spec = await listenHttp((_request, response) => {
      requests += 1;
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await invoke(target({ expected_status }), spec)).toEqual({ outcome, status, error });
    expect(requests).toBe(1);
  });

  test.each([
    ['all is well', 'ok', ''],
    ['all is ill', 'fail', 'unexpected_body'],
    ['', 'fail', 'unexpected_body'],
  ])('a body %j where /wel+$/ is expected is %s %s', async (body, outcome, error) => {
    const spec = await listenHttp((_request, response) => response.end(body));
    const by = target({ expected_body: 'wel+$' });
    for (const _ of [1, 2]) expect(await invoke(by, spec)).toEqual({ outcome, status: 200, error });
  });

  test('one connection serves one request after another, HEAD as well', async () => {
    let connections = 0;
    const server = createHttpServer((request, response) => {
      request.resume();
      response.end('answer');
    });
    server.on('connection', () => {
      connections += 1;
    });
    const spec = await listen(server);
    for (const method of ['POST', 'GET', 'HEAD']) {
      const by = target({ method });
      connections = 0;
      for (let count = 0; count < 5; count += 1) expect((await invoke(by, spec)).outcome).toBe('ok');
      expect(connections).toBe(1);
    }
  });

  test('requests at the same time have a connection each, and only as many as were ever in flight', async () => {
    let connections = 0;
    let waiting: (() => void)[] = [];
    const server = createHttpServer((request, response) => {
      request.resume();
      waiting.push(() => response.end());
      if (waiting.length < 20) return;
      for (const answer of waiting) answer();
      waiting = [];
    });
    server.on('connection', () => {
      connections += 1;
    });
    const spec = await listen(server);
    const by = target();
    for (let round = 0; round < 3; round += 1) {
      const replies = await Promise.all(Array.from({ length: 20 }, () => invoke(by, spec)));
      expect(replies.filter(({ outcome }) => outcome === 'ok')).toHaveLength(20);
    }
    expect(connections).toBe(20);
  });

  test('an answer counts when its body has come to its end', async () => {
    let finish = () => {};
    const spec = await listenHttp((request, response) => {
      request.resume();
      response.write('begin');
      finish = () => response.end('end');
    });
    const by = target();
    let done = false;
    const pending = invoke(by, spec).then((reply) => {
      done = true;
      return reply;
    });
    // A request that waits 200 ms for the rest of its own body shows that the first had time to end, had it wanted to.
    expect(await invoke(by, spec, 200)).toEqual({ outcome: 'unknown', status: 200, error: 'timeout' });
    expect(done).toBe(false);
    await by.close();
    expect(await pending).toEqual({ outcome: 'fail', status: 200, error: 'connection_closed' });
    finish();
  });

  test.each([
    ['nothing, and closes', '', 'connection_closed', 0],
    ['something else than HTTP', 'SSH-2.0-OpenSSH\r\n\r\n', 'bad_response', 0],
    ['half a body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', 'connection_closed', 200],
    ['an endless header', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`, 'bad_response', 0],
  ])('a node that answers %s fails', async (_what, bytes, error, status) => {
    let connections = 0;
    const spec = await listenRaw((socket) => {
      connections += 1;
      socket.end(bytes);
    });
    expect(await invoke(target(), spec)).toEqual({ outcome: 'fail', status, error });
    expect(connections).toBe(1);
  });

  test('a reset fails and is not tried again', async () => {
    let connections = 0;
    const spec = await listenRaw((socket) => {
      connections += 1;
      socket.resetAndDestroy();
    });
    expect(await invoke(target(), spec)).toEqual({ outcome: 'fail', status: 0, error: 'ECONNRESET' });
    expect(connections).toBe(1);
  });

  test('a name that does not resolve and a certificate that is missing have codes of their own', async () => {
    const spec = await listenHttp((_request, response) => response.end());
    const by = target();
    const nowhere = await invoke(by, { ...spec, url: 'http://nowhere.invalid:80' }, 20_000);
    expect(nowhere).toMatchObject({
      outcome: 'fail',
      error: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
    const plain = await invoke(by, { ...spec, url: spec.url.replace('http:', 'https:') });
    expect(plain).toEqual({ outcome: 'fail', status: 0, error: 'tls_error' });
  });

  test.each([
    ['says how long it waits', 'keep-alive: timeout=3\r\n'],
    ['says nothing', ''],
  ])('an idle connection is closed from our side first, where the node %s', async (_what, header) => {
    let ends = 0;
    const server = createServer((socket) => {
      socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\n${header}content-length: 0\r\n\r\n`));
      socket.on('end', () => {
        ends += 1;
      });
    });
    const spec = await listen(server);
    const by = target();
    await Promise.all([invoke(by, spec), invoke(by, spec)]);
    expect(ends).toBe(0);
    await eventually(() => Promise.resolve(ends === 2));
    expect((await invoke(by, spec)).outcome).toBe('ok');
  });

  test('a probe counts any status as an answer', async () => {
    const spec = await listenHttp((_request, response) => response.writeHead(500).end());
    expect(await target().probe(spec, 5000)).toBeNull();
    const noHttp = await listenRaw((socket) => socket.end('hello\r\n'));
    expect(await target().probe(noHttp, 5000)).not.toBeNull();
  });
});
