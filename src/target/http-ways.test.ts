import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createSecureServer,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ownCertificate } from '../check/own-certificate.fixture.ts';
import { configSchema } from '../model/config.ts';
import { drawAt } from '../model/draw-at.ts';
import type { NodeSpec } from '../model/node.ts';
import type { Reply } from '../model/record.ts';
import { asked } from '../testing/asked.ts';
import { createHttpTarget } from './http.ts';
import type { Target } from './target.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

type Heard = IncomingMessage | Http2ServerRequest;
type Answer = ServerResponse | Http2ServerResponse;

/** A server with what it has heard: each request as a line, and how many connections there were. */
async function listen(server: Server, answer: (response: Answer) => void = (response) => response.end()) {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('request', (request: Heard, response: Answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const version = request.httpVersion === '2.0' ? ' (2)' : '';
      heard.push(
        `${request.method} ${request.url} ${String(request.headers['x-a'] ?? '')} ${Buffer.concat(chunks).toString()}${version}`,
      );
      answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const at = (scheme: string): NodeSpec => ({
    name: 'n',
    kind: 'http',
    url: `${scheme}://127.0.0.1:${port}`,
    managed: false,
  });
  return { heard, sockets, http: at('http'), https: at('https') };
}

function targetOf(written: object, seed = 1, maxInFlight = 100): Target {
  const { http_workload: workload, workloads, feeds } = configSchema.parse(written);
  const named = Object.entries(workloads).flatMap(([name, { http }]) =>
    http ? [[name, http] as const] : [],
  );
  const target = createHttpTarget({
    workload,
    workloads: Object.fromEntries(named),
    feeds,
    seed,
    maxInFlight,
  });
  closers.push(() => target.close());
  return target;
}
const target = (given: object, seed?: number, maxInFlight?: number) =>
  targetOf({ http_workload: given }, seed, maxInFlight);

/** Sends the request with that number, as a load does. */
function send(by: Target, node: NodeSpec, seq: number, workload: string | null = null): Promise<Reply> {
  return asked(by, node, by.operation(drawAt(1, seq, 1), workload), 5000, seq);
}

describe('what requests are', () => {
  const mix = {
    requests: [
      { weight: 3, method: 'GET', path: '/items/{{random 1 1000}}?at={{pick a/b c&d}}' },
      {
        name: 'checkout',
        path: '/cart/{{uuid}}',
        headers: { 'X-A': 'r{{seq}}' },
        body: { n: '{{seq}}', text: 'say "{{pick x y}}" {{{{', list: ['{{random 5 5}}', null, 1] },
      },
    ],
  };

  test('a mix by its weights, with values filled in, the same for the same seed in whatever order', async () => {
    const seqs = Array.from({ length: 200 }, (_, seq) => seq);
    const runs: string[][] = [];
    for (const [seed, order] of [
      [1, seqs],
      [1, seqs.toReversed()],
      [2, seqs],
    ] as const) {
      const server = await listen(createServer());
      const by = target(mix, seed);
      for (const seq of order) expect(await send(by, server.http, seq)).toMatchObject({ outcome: 'ok' });
      runs.push(server.heard.toSorted());
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[0]);
    const [gets, posts] = ['GET', 'POST'].map((method) =>
      (runs[0] ?? []).filter((one) => one.startsWith(method)),
    );
    expect(gets?.length).toBeGreaterThan(120);
    expect(posts?.length).toBeGreaterThan(25);
    for (const get of gets ?? []) expect(get).toMatch(/^GET \/items\/\d{1,4}\?at=(a%2Fb|c%26d) {2}$/);
    for (const post of posts ?? []) {
      const [, seq, body = ''] = /^POST \/cart\/[0-9a-f-]{36} r(\d+) (.*)$/.exec(post) ?? [];
      expect(JSON.parse(body)).toEqual({
        n: Number(seq),
        text: expect.stringMatching(/^say "[xy]" \{\{$/),
        list: [5, null, 1],
      });
    }
  });

  test('an operation is named by its name, or by what it is before anything is filled in', () => {
    const by = target(mix);
    expect([by.operation(0, null).name, by.operation(0.9, null).name]).toEqual([
      'GET /items/{{random 1 1000}}',
      'checkout',
    ]);
  });

  test('workloads go by their names', async () => {
    const server = await listen(createServer());
    const by = targetOf({
      http_workload: { method: 'GET', path: '/plain' },
      workloads: {
        reads: { http: { method: 'GET', path: '/reads' } },
        writes: { redis: [{ commands: ['PING'] }] },
      },
    });
    await send(by, server.http, 0);
    await send(by, server.http, 1, 'reads');
    expect(server.heard.map((one) => one.trim())).toEqual(['GET /plain', 'GET /reads']);
  });

  test('rows of a feed, whoever asks for them', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'orch-feed-'));
    closers.push(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'users.csv'), 'mail,name\na@x,A\nb@x,"B, ""b"""\n');
    const server = await listen(createServer());
    const written = {
      feeds: { users: { file: join(directory, 'users.csv') } },
      http_workload: {
        path: '/{{users.mail}}',
        headers: { 'x-a': '{{users.name}}' },
        body: { name: '{{users.name}}' },
      },
    };
    // Two who share the work, as threads do.
    const [one, other] = [targetOf(written), targetOf(written)];
    for (const seq of [0, 2]) await send(one, server.http, seq);
    for (const seq of [1, 3]) await send(other, server.http, seq);
    const [a, b] = ['POST /a%40x A {"name":"A"}', 'POST /b%40x B, "b" {"name":"B, \\"b\\""}'];
    expect(server.heard).toEqual([a, a, b, b]);
  });
});

describe('how they are sent', () => {
  test.each([
    [true, 1],
    [false, 5],
  ])('keep_alive %s: %i connections for five requests', async (keep_alive, connections) => {
    const server = await listen(createServer());
    const by = target({ keep_alive });
    for (let seq = 0; seq < 5; seq += 1) expect((await send(by, server.http, seq)).outcome).toBe('ok');
    expect(server.sockets.size).toBe(connections);
  });

  test.each([1.1, 2])(
    'a body is sent whatever the method, and the connection kept (HTTP/%s)',
    async (http_version) => {
      const server = await listen(http_version === 2 ? createHttp2Server() : createServer());
      const requests = ['GET', 'HEAD', 'DELETE', 'OPTIONS'].map((method) => ({ method, body: 'q{{seq}}' }));
      const by = target({ http_version, requests });
      for (let seq = 0; seq < 20; seq += 1)
        expect(await send(by, server.http, seq)).toMatchObject({ outcome: 'ok' });
      expect(server.heard.map((one) => / q(\d+)/.exec(one)?.[1])).toEqual(
        Array.from({ length: 20 }, (_, seq) => String(seq)),
      );
      expect(new Set(server.heard.map((one) => one.split(' ')[0]))).toEqual(
        new Set(requests.map(({ method }) => method)),
      );
      expect(server.sockets.size).toBe(1);
    },
  );

  test.each([
    [{}, 'tls_error'],
    [{ verify: false }, ''],
    [{ ca: 'cert.pem' }, ''],
    [{ ca: 'cert.pem', servername: 'somewhere.else' }, 'tls_error'],
  ])('with tls %j the outcome is %j', async (given, error) => {
    const server = await listen(createTlsServer(ownCertificate));
    const ca = 'ca' in given ? { ca: pem('cert') } : {};
    const by = target({ tls: { ...given, ...ca } });
    expect((await send(by, server.https, 0)).error).toBe(error);
    expect(await by.probe(server.https, 5000)).toBe(error === '' ? null : error);
  });

  test('a certificate of our own is shown where the server asks for one', async () => {
    const asking = { ...ownCertificate, requestCert: true, ca: ownCertificate.cert };
    const server = await listen(createTlsServer(asking));
    const tls = { ca: pem('cert'), cert: pem('cert'), key: pem('key') };
    const nameless = await send(target({ tls: { ca: tls.ca } }), server.https, 0);
    expect(nameless.outcome).toBe('fail');
    expect((await send(target({ tls }), server.https, 0)).outcome).toBe('ok');
  });

  test('a certificate that is not there is told before anything is sent', () => {
    expect(() => target({ tls: { ca: '/nonexistent/ca.pem' } })).toThrow(/tls\.ca cannot be read/);
  });

  test.each(['http', 'https'] as const)(
    'over HTTP/2 (%s) one connection carries all requests at once',
    async (scheme) => {
      let waiting: Answer[] = [];
      const answer = (response: Answer) => {
        waiting.push(response);
        if (waiting.length < 50) return;
        for (const one of waiting) one.end('done');
        waiting = [];
      };
      const server = await listen(
        scheme === 'http' ? createHttp2Server() : createSecureServer(ownCertificate),
        answer,
      );
      const by = target({ http_version: 2, tls: { verify: false }, path: '/{{seq}}' }, 1, 50);
      for (const round of [0, 1]) {
        const replies = await Promise.all(
          Array.from({ length: 50 }, (_, n) => send(by, server[scheme], round * 50 + n)),
        );
        expect(new Set(replies.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
      }
      expect(server.sockets.size).toBe(1);
      expect(server.heard).toHaveLength(100);
      expect(server.heard[99]).toMatch(/^POST \/\d+ {2}\{"payload":"test"\} \(2\)$/);
    },
  );

  test('a probe goes the way of the workloads: to a node that speaks HTTP/2 alone, and one that trusts nobody', async () => {
    const plain = await listen(createHttp2Server());
    const encrypted = await listen(createSecureServer({ ...ownCertificate, allowHTTP1: false }));
    const old = targetOf({});
    const tls = { verify: false };
    const one = targetOf({ http_workload: { http_version: 2, tls } });
    const named = targetOf({ workloads: { reads: { http: { http_version: 2, tls } } } });
    closers.push(...[old, one, named].map((by) => () => by.close()));
    for (const by of [one, named])
      for (const node of [plain.http, encrypted.https]) expect(await by.probe(node, 5000)).toBeNull();
    expect(await old.probe(plain.http, 5000)).toBe('bad_response');
    expect(await old.probe(encrypted.https, 5000)).toBe('tls_error');
  });

  test('over HTTP/2 a timeout is unknown, the next request goes to a new connection, and closing fails the rest', async () => {
    let held = true;
    const server = await listen(createHttp2Server(), (response) => {
      if (!held) response.end();
    });
    const by = target({ http_version: 2 });
    const invoke = (timeoutMs: number) => asked(by, server.http, by.operation(0, null), timeoutMs);
    const pending = invoke(60_000);
    expect(await invoke(100)).toEqual({ outcome: 'unknown', status: 0, error: 'timeout' });
    held = false;
    expect((await invoke(5000)).outcome).toBe('ok');
    expect(server.sockets.size).toBe(2);
    await by.close();
    expect(await pending).toMatchObject({ outcome: 'fail' });
    expect(await invoke(5000)).toEqual({ outcome: 'fail', status: 0, error: 'not_connected' });
  });

  test('a node that does not speak HTTP/2 fails, rather than to be asked by HTTP/1.1', async () => {
    const server = await listen(createTlsServer(ownCertificate));
    const by = target({ http_version: 2, tls: { verify: false } });
    const { outcome, error } = await send(by, server.https, 0);
    expect([outcome, error]).toEqual(['fail', 'no_http2']);
    expect(server.heard).toEqual([]);
    const plain = await listen(createServer());
    for (const node of [server.https, plain.http]) expect(await by.probe(node, 5000)).toBe('no_http2');
    expect((await send(by, plain.http, 1)).error).toBe('bad_response');
  });
});

/** A file with the certificate or the key. */
function pem(what: 'cert' | 'key'): string {
  const directory = mkdtempSync(join(tmpdir(), 'orch-tls-'));
  closers.push(() => rmSync(directory, { recursive: true }));
  const file = join(directory, `${what}.pem`);
  writeFileSync(file, ownCertificate[what]);
  return file;
}
