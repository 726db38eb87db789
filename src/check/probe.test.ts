import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  httpRequestFields,
  lookFields,
  lookOf,
  lookOfCommand,
  lookOfRequest,
  nodesOfLook,
  runCommandFields,
} from '../model/check.ts';
import type { NodeSpec } from '../model/node.ts';
import { z } from '../model/zod.ts';
import { needs } from '../testing/requirements.ts';
import { look } from './look.ts';
import { ownCertificate } from './own-certificate.fixture.ts';
import { probe } from './probe.ts';

const never = new AbortController().signal;
const surroundings = { env: { PATH: process.env['PATH'], ORCH_SECRET: 's3cret' }, cwd: '/', nodes: [] };
const lookSchema = z.strictObject(lookFields);
const written = (given: object) => lookOf(lookSchema.parse(given));
const seen = (given: object, signal = never) => probe(written(given).probe, surroundings, signal);
const judged = async (given: object) => {
  const { holds, evidence } = await look(written(given), surroundings, never);
  return { holds, evidence };
};

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function listen(server: Server): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  return `127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}
const listenHttp = async (answer: RequestListener) => `http://${await listen(createHttpServer(answer))}`;
/** An address where nobody listens any more. */
async function free(): Promise<string> {
  const address = await listen(createServer());
  await closers.pop()?.();
  return address;
}

describe('an HTTP probe', () => {
  it('sees status, headers and body', async () => {
    const url = await listenHttp((_, response) =>
      response.writeHead(418, { 'x-two': ['a', 'b'] }).end('short and stout'),
    );
    const observation = await seen({ http: url });
    expect(observation).toMatchObject({
      kind: 'http',
      status: 418,
      headers: { 'x-two': 'a, b' },
      body: 'short and stout',
      isCut: false,
    });
    expect(observation.tookMs).toBeGreaterThan(0);
  });

  it('sends what it was told to', async () => {
    const url = await listenHttp((request, response) => {
      const { method, url, headers } = request;
      const { authorization, 'x-own': own, 'content-type': type } = headers;
      const answer = (body: string) =>
        response.end(JSON.stringify({ method, url, authorization, own, type, body }));
      text(request).then(answer, (error: Error) => response.destroy(error));
    });
    const { host } = new URL(url);
    const http = {
      url: `http://a:b@${host}/p?q=1`,
      method: 'PUT',
      headers: { 'X-Own': 'o' },
      body: { a: [1] },
    };
    const expected = {
      method: 'PUT',
      url: '/p?q=1',
      authorization: `Basic ${Buffer.from('a:b').toString('base64')}`,
      own: 'o',
      type: 'application/json',
      body: '{"a":[1]}',
    };
    expect(await judged({ http, expect: { jsonpath: '$', equals: expected } })).toMatchObject({
      holds: true,
    });
  });

  it('follows redirects only where that was asked for', async () => {
    const url = await listenHttp((request, response) =>
      request.url === '/' ? response.writeHead(302, { location: '/there' }).end() : response.end(request.url),
    );
    expect(await judged({ http: url })).toEqual({ holds: false, evidence: 'status 302, not 2xx' });
    expect(await judged({ http: { url, follow_redirects: true }, expect: '/there' })).toMatchObject({
      holds: true,
    });
  });

  it('accepts any certificate only where that was asked for', async () => {
    const address = await listen(createHttpsServer(ownCertificate, (_, response) => response.end()));
    const url = `https://${address}`;
    expect(await judged({ http: url })).toEqual({ holds: false, evidence: 'tls_error' });
    expect(await judged({ http: { url, verify_tls: false } })).toMatchObject({ holds: true });
  });

  it('keeps a megabyte of a body that has no end', async () => {
    const url = await listenHttp((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    const observation = await seen({ http: url });
    expect(observation).toMatchObject({ status: 200, isCut: true });
    expect(observation.kind === 'http' && observation.body.length).toBe(1_000_000);
  });

  it('that is not answered says why', async () => {
    const reset = await listen(createServer((socket) => socket.resetAndDestroy()));
    const noise = await listen(createServer((socket) => socket.end('who?\r\n\r\n')));
    expect(await seen({ http: `http://${await free()}` })).toMatchObject({
      kind: 'none',
      error: 'ECONNREFUSED',
    });
    expect(await seen({ http: `http://${reset}` })).toMatchObject({ kind: 'none', error: 'ECONNRESET' });
    expect(await seen({ http: `http://${noise}` })).toMatchObject({ kind: 'none', error: 'bad_response' });
  });
});

describe('an action that looks', () => {
  it('asks as a probe does', async () => {
    const url = await listenHttp((request, response) => response.writeHead(201).end(request.method));
    const http = z
      .strictObject(httpRequestFields)
      .parse({ url, method: 'POST', expect: { status: 201, body: 'POST' } });
    expect(await look(lookOfRequest(http), surroundings, never)).toMatchObject({ holds: true });
    const command = z.strictObject(runCommandFields).parse({ run: [execPath, '-p', '6 * 7'], expect: '42' });
    expect(await look(lookOfCommand(command), surroundings, never)).toMatchObject({ holds: true });
  });
});

describe('a TCP probe', () => {
  it('sees whether it connects', async () => {
    const tcp = await listen(createServer());
    expect(await judged({ tcp })).toEqual({ holds: true, evidence: 'connection "made"' });
    const nobody = await free();
    expect(await judged({ tcp: nobody, expect: false })).toMatchObject({ holds: true });
    expect(await judged({ tcp: nobody })).toEqual({
      holds: false,
      evidence: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe.skipIf(!needs('redis'))('a Redis probe', () => {
  async function redisServer(...options: string[]): Promise<string> {
    const port = (await free()).split(':')[1] ?? '';
    const args = ['--bind', '127.0.0.1', '--port', port, '--save', '', ...options];
    const server = spawn('redis-server', args, { stdio: 'ignore' });
    closers.push(async () => {
      server.kill('SIGKILL');
      await once(server, 'exit');
    });
    const ping = { redis: { url: `redis://127.0.0.1:${port}`, command: ['PING'] }, timeout_sec: 1 };
    for (let tries = 0; tries < 100; tries += 1) {
      const observation = await seen(ping);
      if (observation.kind === 'redis') break;
      if (observation.kind === 'none' && observation.error.startsWith('NOAUTH')) break;
      await sleep(50);
    }
    return `127.0.0.1:${port}`;
  }

  it('may ask a node of the run, and name it the places of others', async () => {
    const node = (name: string, url: string): NodeSpec => ({ name, kind: 'redis', url, managed: true });
    const nodes = [
      {
        ...node('cache-1', `redis://${await redisServer()}`),
        peersAt: { 'cache-4': { host: '127.0.0.2', port: 7104 } },
      },
      node('cache-2', 'redis://127.0.0.1:7002'),
      { ...node('cache-3', 'redis://127.0.0.1:7003'), inside: { host: 'cache-3', port: 6379 } },
      node('cache-4', 'redis://127.0.0.1:7004'),
    ];
    const echoed = async (word: object) => {
      const asked = written({ redis: { node: 'cache-1', command: ['ECHO', word] } });
      expect(nodesOfLook(asked)).toContain('cache-1');
      return probe(asked.probe, { ...surroundings, nodes }, never);
    };
    expect(await echoed({ host_of: 'cache-2' })).toMatchObject({ reply: '127.0.0.1' });
    expect(await echoed({ port_of: 'cache-2' })).toMatchObject({ reply: '7002' });
    expect(await echoed({ host_of: 'cache-3' })).toMatchObject({ reply: 'cache-3' });
    expect(await echoed({ port_of: 'cache-3' })).toMatchObject({ reply: '6379' });
    expect(await echoed({ host_of: 'cache-4' })).toMatchObject({ reply: '127.0.0.2' });
    expect(await echoed({ port_of: 'cache-4' })).toMatchObject({ reply: '7104' });
    const both = { redis: { node: 'cache-1', url: 'redis://127.0.0.1:1' } };
    expect(() => written(both)).toThrow(/stands beside url; only one of them can be/);
  });

  it('sees the reply, whatever its kind', async () => {
    const url = `redis://${await redisServer()}`;
    expect(await judged({ redis: { url } })).toEqual({ holds: true, evidence: 'reply "PONG"' });
    const asked = (...command: (string | number)[]) => seen({ redis: { url, command } });
    expect(await asked('RPUSH', 'q', 1, 2)).toMatchObject({ kind: 'redis', reply: 2 });
    expect(await asked('LRANGE', 'q', 0, -1)).toMatchObject({ reply: ['1', '2'] });
    expect(await asked('GET', 'none')).toMatchObject({ reply: null });
    expect(await asked('INCR', 'q')).toMatchObject({
      kind: 'none',
      error: expect.stringMatching(/^WRONGTYPE /),
    });
    const length = { redis: { url, command: ['LLEN', 'q'] } };
    expect(await judged({ ...length, expect: 2 })).toMatchObject({ holds: true });
    expect(await judged({ ...length, expect: { range: [3, 9] } })).toEqual({
      holds: false,
      evidence: 'reply 2, not from 3 to 9',
    });
  });

  it('that is not let in says why, and never the password', async () => {
    const address = await redisServer('--requirepass', 'pa55');
    expect(await judged({ redis: { url: `redis://:pa55@${address}` } })).toMatchObject({ holds: true });
    expect(await judged({ redis: { url: `redis://:wr0ng@${address}` } })).toEqual({
      holds: false,
      evidence: expect.stringMatching(/^WRONGPASS (?!.*wr0ng)/),
    });
    expect(await seen({ redis: { url: `redis://${await free()}` } })).toMatchObject({
      kind: 'none',
      error: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('a command', () => {
  it('has the surroundings’ environment and its own, and the evidence has neither', async () => {
    const run = [
      execPath,
      '-e',
      'process.exit(process.env.ORCH_SECRET + process.env.B === "s3cret-own" ? 0 : 1)',
    ];
    const result = await look(written({ command: { run, env: { B: '-own' } } }), surroundings, never);
    expect(result).toMatchObject({ holds: true, evidence: 'exit 0' });
    expect(JSON.stringify(result)).not.toMatch(/s3cret|-own/);
  });

  it('runs where it was told to, from where orch runs', async () => {
    const run = [execPath, '-p', 'process.cwd()'];
    expect(await judged({ command: { run, cwd: 'tmp' }, expect: '/tmp' })).toMatchObject({ holds: true });
    expect(await judged({ command: run, expect: '/' })).toMatchObject({ holds: true });
  });

  it('that cannot be run is no answer', async () => {
    expect(await judged({ command: ['no-such-program'] })).toEqual({
      holds: false,
      evidence: 'spawn no-such-program ENOENT',
    });
  });
});

describe('a probe that is not answered', () => {
  const hangs = async () => {
    const address = await listen(createServer((socket) => socket.on('error', () => {})));
    const halfway = await listenHttp((_, response) => response.writeHead(200).write('half'));
    return [
      { http: `http://${address}` },
      { http: halfway },
      { redis: { url: `redis://${address}` } },
      { command: [execPath, '-e', 'setInterval(() => {}, 1000)'] },
    ];
  };

  it('is given up at its time limit', async () => {
    const observations = (await hangs()).map((given) => seen({ ...given, timeout_sec: 0.2 }));
    for (const observation of await Promise.all(observations)) {
      expect(observation).toMatchObject({ kind: 'none', error: 'no answer within 200ms' });
      expect(observation.tookMs).toBeGreaterThan(190);
      expect(observation.tookMs).toBeLessThan(4000);
    }
  });

  it('is given up when the signal says so, before it began too', async () => {
    const abort = new AbortController();
    const observations = (await hangs()).map((given) => seen({ ...given, timeout_sec: 60 }, abort.signal));
    abort.abort();
    const late = [...(await hangs()), { tcp: await listen(createServer()) }];
    const afterwards = late.map((given) => seen(given, abort.signal));
    for (const observation of await Promise.all([...observations, ...afterwards]))
      expect(observation).toMatchObject({ kind: 'none', error: 'broken off' });
  });
});

describe('a further probe', () => {
  const answering = (body: string) => listenHttp((_, response) => response.end(body));
  const exitBy = (condition: string) => [
    execPath,
    '-e',
    `const text = require('fs').readFileSync(0, 'utf8'); process.exit(${condition} ? 0 : 1)`,
  ];

  it('must hold too, and is given the answer', async () => {
    const http = await answering('42');
    const command = exitBy('text === "42"');
    expect(await judged({ http, expect: { probe: { command } } })).toEqual({
      holds: true,
      evidence: 'status 200; the further probe: exit 0',
    });
    expect(await judged({ http, expect: { probe: { command, expect: { exit: 1 } } } })).toEqual({
      holds: false,
      evidence: 'status 200; the further probe: exit 0, not 1',
    });
  });

  it('is not made where the first does not hold', async () => {
    const http = await answering('42');
    const probe = { http: `http://${await free()}` };
    expect(await judged({ http, expect: { status: 404, probe } })).toEqual({
      holds: false,
      evidence: 'status 200, not 404',
    });
  });
});
