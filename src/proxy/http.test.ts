import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenLink } from './link-spec.ts';
import { binomial, fate, portOf, receive, Stage } from './stage.fixture.ts';
import type { ToxicSpec } from './toxic.ts';

type HttpKind = 'http_status' | 'http_corrupt' | 'http_abort';

const body = JSON.stringify({ hello: 'world', n: 1234 });

/** Answers what it was asked; to /chunked in chunks, to /none without a body. */
function webServer(asked: string[]): Server {
  return createServer((request, response) => {
    asked.push(request.url ?? '');
    let received = '';
    request.on('data', (chunk: Buffer) => (received += chunk.toString()));
    request.on('end', () => {
      if (request.url === '/none') response.writeHead(204).end();
      else if (request.url === '/chunked') {
        response.write(body.slice(0, 10));
        setTimeout(() => response.end(body.slice(10)), 5);
      } else response.setHeader('content-length', (body + received).length).end(body + received);
    });
  });
}

describe('HTTP faults', () => {
  let stage: Stage;
  let asked: string[];
  let link: OpenLink;
  beforeEach(async () => {
    stage = new Stage(11);
    asked = [];
    link = await stage.link(webServer(asked), 'http');
  });
  afterEach(() => stage.close());

  const set = (kind: HttpKind, share = 1, paths?: string[]) => {
    const spec: ToxicSpec =
      kind === 'http_status' ? { kind, share, paths, status: 503 } : { kind, share, paths };
    return stage.proxy.set(link, 'm', spec);
  };

  async function get(path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
    const response = await fetch(`http://127.0.0.1:${link.localPort}${path}`, init);
    return { status: response.status, text: await response.text() };
  }

  const ok = { status: 200, text: body };

  it('http_status answers in the node’s place, on the paths that are named', async () => {
    await set('http_status', 1, ['/work', '/x']);
    expect((await get('/work?n=1')).status).toBe(503);
    expect((await get('/work', { method: 'POST', body: 'x'.repeat(300_000) })).status).toBe(503);
    expect(await get('/other')).toEqual(ok);
    expect((await get('/x', { method: 'HEAD' })).text).toBe('');
    expect(asked).toEqual(['/other']);
    await stage.proxy.clear(link, 'm');
    expect(await get('/work')).toEqual(ok);
    expect(await stage.proxy.count(link)).toMatchObject({ requests: 5, requestsFaulted: 3 });
  });

  it('http_corrupt alters the body alone', async () => {
    await set('http_corrupt');
    for (const path of ['/', '/chunked']) {
      const response = await fetch(`http://127.0.0.1:${link.localPort}${path}`);
      expect(response.status).toBe(200);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.length).toBe(body.length);
      expect(bytes.every((byte, i) => byte !== body.charCodeAt(i))).toBe(true);
    }
    expect((await get('/none')).status).toBe(204);
  });

  it.each(['/', '/chunked'])('http_abort breaks %s off in mid-body', async (path) => {
    await set('http_abort');
    const client = await stage.client(link);
    const received = receive(client, 100_000);
    const ended = fate(client, 5000);
    client.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    expect(await ended).toBe('ECONNRESET');
    const text = (await received).toString();
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    const [, part] = text.split('\r\n\r\n');
    expect(part?.replace(/^a\r\n/, '')).toBe(body.slice(0, path === '/' ? Math.floor(body.length / 2) : 5));
  });

  it('http_abort breaks an answer without a body off in its head', async () => {
    await set('http_abort');
    await expect(get('/none')).rejects.toThrow();
    await stage.proxy.clear(link, 'm');
    expect((await get('/none')).status).toBe(204);
  });

  it.each(['http_status', 'http_corrupt', 'http_abort'] as const)('%s keeps to its share', async (kind) => {
    const outcomes = async (count: number) => {
      const all = await Promise.all(
        Array.from({ length: count }, () =>
          get('/').then(
            ({ status, text }) => status === 200 && text === body,
            () => false,
          ),
        ),
      );
      return all.filter((isOk) => !isOk).length;
    };
    await set(kind, 0);
    expect(await outcomes(100)).toBe(0);
    await set(kind, 1);
    expect(await outcomes(100)).toBe(100);
    await set(kind, 0.2);
    const { least, most } = binomial(400, 0.2);
    const faulted = await outcomes(400);
    expect(faulted).toBeGreaterThan(least);
    expect(faulted).toBeLessThan(most);
  });

  it('keeps the order of pipelined requests, answered in the node’s place or not, however they are cut', async () => {
    await set('http_status', 1, ['/work']);
    const order = ['/1', '/work', '/work', '/2', '/none', '/work', '/chunked', '/work'];
    const bytes = order
      .map((path, i) =>
        i % 2 === 0
          ? `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`
          : `POST ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
      )
      .join('');
    for (const pieceBytes of [7, bytes.length]) {
      const client = await stage.client(link);
      let received = '';
      client.on('data', (chunk) => (received += chunk.toString('latin1')));
      for (let from = 0; from < bytes.length; from += pieceBytes) {
        client.write(bytes.slice(from, from + pieceBytes));
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
      const statuses = () =>
        [...received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      const expected = order.map((path) => (path === '/work' ? 503 : path === '/none' ? 204 : 200));
      await expect.poll(statuses).toEqual(expected);
      client.destroy();
    }
    expect(asked.filter((path) => path === '/work')).toEqual([]);
  });

  it('answers at once who waits for leave to send a body, and then closes', async () => {
    await set('http_status');
    const client = await stage.client(link);
    const received = receive(client, 100_000);
    client.write('POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n');
    expect((await received).toString()).toMatch(/^HTTP\/1\.1 503 .*\r\nconnection: close\r\n/);
  });

  it('acts on what is sent after it was set, on a connection that is open already; an upgrade is let be', async () => {
    const server = createServer();
    server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
      socket.pipe(socket);
    });
    const upgraded = await stage.link(server, 'http', 'upgraded');
    const client = await stage.client(upgraded);
    const answer = receive(client, 40);
    client.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
    expect((await answer).toString()).toMatch(/^HTTP\/1\.1 101/);
    await stage.proxy.set(upgraded, 'm', { kind: 'http_status', status: 500, share: 1, paths: undefined });
    const echoed = receive(client, 30);
    client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n...');
    expect((await echoed).toString()).toBe('GET / HTTP/1.1\r\nhost: x\r\n\r\n...');
  });

  it('several kinds at once: answered in the node’s place, and late', async () => {
    await set('http_status');
    await stage.proxy.set(link, 'late', { kind: 'latency', latency_ms: 150, jitter_ms: 0 });
    const startMs = performance.now();
    expect((await get('/')).status).toBe(503);
    expect(performance.now() - startMs).toBeGreaterThan(149);
  });

  it('the same seed, connections and requests meet the same faults; another seed others', async () => {
    const faultsOf = async (seed: number) => {
      const other = new Stage(seed);
      const server = webServer([]);
      const link = await other.link(server, 'http');
      await other.proxy.set(link, `m${seed}${portOf(server)}`, {
        kind: 'http_status',
        status: 503,
        share: 0.5,
        paths: undefined,
      });
      const statuses: string[] = [];
      for (let connection = 0; connection < 5; connection += 1) {
        const client = await other.client(link);
        for (let request = 0; request < 20; request += 1) {
          const answer = receive(client, 1);
          client.write('GET /none HTTP/1.1\r\nhost: x\r\n\r\n');
          statuses.push((await answer).toString().slice(9, 12));
        }
        client.destroy();
      }
      await other.close();
      return statuses.join(' ');
    };
    const first = await faultsOf(1);
    expect(first).toContain('503');
    expect(first).toContain('204');
    expect(await faultsOf(1)).toBe(first);
    expect(await faultsOf(2)).not.toBe(first);
  });
});
