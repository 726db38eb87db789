import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Proxy } from './proxy.ts';
import { closing, echoServer, fate, receive, roundTrip, sourceServer, Stage } from './stage.fixture.ts';

const refused = (port: number) =>
  new Promise<string>((resolve) => {
    connect(port, '127.0.0.1')
      .once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
      .once('connect', () => resolve('connected'));
  });

describe('the proxy, where nothing is in force', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => stage.close());

  it('passes all bytes on both ways at once, and half-closes as the ends do', async () => {
    const link = await stage.link(createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)));
    const client = await stage.client(link);
    const sent = createHash('sha256');
    const received = createHash('sha256');
    client.on('data', (chunk) => received.update(chunk));
    for (let i = 0; i < 300; i += 1) {
      const chunk = Buffer.alloc(50_000 + i, i);
      sent.update(chunk);
      if (!client.write(chunk)) await once(client, 'drain');
    }
    client.end();
    await once(client, 'end');
    expect(received.digest('hex')).toBe(sent.digest('hex'));
  });

  it('reads no further from a node whose client does not read', async () => {
    const server = sourceServer(64 * 1024 * 1024);
    const accepted = once(server, 'connection');
    const link = await stage.link(server);
    const client = await stage.client(link);
    client.write('x');
    const [node] = (await accepted) as [Socket];
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
    expect(node.writableLength).toBeGreaterThan(0);
    expect((await receive(client, 64 * 1024 * 1024)).length).toBe(64 * 1024 * 1024);
  });

  it('passes on a reset either way, and resets where the node refuses', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => data.toString() === 'reset' && socket.resetAndDestroy());
    });
    const nodes: Socket[] = [];
    server.on('connection', (socket) => nodes.push(socket));
    const link = await stage.link(server);

    const toBeReset = await stage.client(link);
    toBeReset.write('reset');
    expect(await fate(toBeReset, 5000)).toBe('ECONNRESET');

    const resetting = await stage.client(link);
    resetting.write('hello');
    await expect.poll(() => nodes.length).toBe(2);
    const node = nodes[1];
    const nodeFate = node === undefined ? 'no connection' : fate(node, 5000);
    resetting.resetAndDestroy();
    expect(await nodeFate).toBe('ECONNRESET');

    server.close();
    expect(await fate(connect(link.localPort, '127.0.0.1'), 5000)).toBe('ECONNRESET');
  });

  it('counts connections and bytes', async () => {
    const link = await stage.link(echoServer());
    const client = await stage.client(link);
    await roundTrip(client, 'hello');
    const seen = { connections: 1, bytesIn: 5, bytesOut: 5 };
    expect(await stage.proxy.count(link)).toMatchObject({ ...seen, openConnections: 1 });
    client.end();
    await expect.poll(() => stage.proxy.count(link)).toMatchObject({ ...seen, openConnections: 0 });
  });
});

describe('the proxy’s end', () => {
  it('leaves no listener and no connection, and everything asked thereafter rejects', async () => {
    const stage = new Stage();
    const server = echoServer();
    const link = await stage.link(server);
    const clients = await Promise.all(Array.from({ length: 5 }, () => stage.client(link)));
    await Promise.all(clients.map((client) => roundTrip(client)));
    const held = await stage.client(link);
    await stage.proxy.set(link, 'm', { kind: 'partition', from: 'clients', direction: 'both' });
    held.write('held');
    const ends = [...clients, held].map(closing);
    for (const client of [...clients, held]) client.on('end', () => client.end());
    await stage.proxy.close();
    await Promise.all(ends);
    expect(await refused(link.localPort)).toBe('ECONNREFUSED');
    await expect
      .poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count))))
      .toBe(0);
    await expect(stage.proxy.look(link)).rejects.toThrow('the fault proxy was closed');
    expect(stage.lost).toEqual([]);
    await stage.close();
  });

  it('lets its thread end by itself, also while connections are being made', async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { execArgv: [] });
    const exited = new Promise((resolve) => {
      worker.once('exit', resolve);
    });
    const proxy = new Proxy({ seed: 1, onLost: () => {} }, worker);
    const spec = { node: 'a', from: 'clients', protocol: 'tcp', host: '127.0.0.1', port: 9 } as const;
    const { localPort } = await proxy.open(spec);
    const clients = Array.from({ length: 20 }, () => connect(localPort, '127.0.0.1').on('error', () => {}));
    await proxy.close();
    // A thread that is terminated ends with 1.
    expect(await exited).toBe(0);
    for (const client of clients) client.destroy();
  });

  it('is told where its thread dies, and what was asked and is asked rejects with that', async () => {
    const lost: string[] = [];
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { execArgv: [] });
    const proxy = new Proxy({ seed: 1, onLost: (text) => lost.push(text) }, worker);
    const spec = { node: 'a', from: 'clients', protocol: 'tcp', host: '127.0.0.1', port: 9 } as const;
    const link = await proxy.open(spec);
    const ended = worker.terminate();
    await expect(proxy.look(link)).rejects.toThrow('the fault proxy has ended: its thread ended with 1');
    await ended;
    await expect(proxy.look(link)).rejects.toThrow('the fault proxy has ended');
    expect(lost).toEqual(['the fault proxy has ended: its thread ended with 1']);
    expect(await refused(link.localPort)).toBe('ECONNREFUSED');
    await proxy.close();
  });

  it('says which link there is none of', async () => {
    const stage = new Stage();
    await expect(stage.proxy.look({ node: 'a', from: 'b' })).rejects.toThrow(
      'the fault proxy has no link b → a',
    );
    await stage.close();
  });
});
