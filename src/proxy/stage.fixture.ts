import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { OpenLink } from './link-spec.ts';
import { Proxy } from './proxy.ts';

/** A proxy with one link, for tests: everything that is started through it ends with it. */
export class Stage {
  readonly proxy: Proxy;
  readonly lost: string[] = [];
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  constructor(seed = 1) {
    this.proxy = new Proxy({ seed, onLost: (text) => this.lost.push(text) });
  }

  /** A link to that server, which is made to listen, and is a node of that name. */
  async link(server: Server, protocol: 'http' | 'tcp' = 'tcp', node = 'node'): Promise<OpenLink> {
    this.#servers.push(server);
    server.on('connection', (socket) => this.#keep(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return this.proxy.open({ node, from: 'clients', protocol, host: '127.0.0.1', port: portOf(server) });
  }

  /** A connected client. Its errors are for whoever awaits them. */
  async client({ localPort }: OpenLink): Promise<Socket> {
    const socket = connect({ port: localPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.#keep(socket);
    await once(socket, 'connect');
    return socket;
  }

  async close(): Promise<void> {
    await this.proxy.close();
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
  }
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a port');
  return address.port;
}

/** Sends back what it is sent. */
export function echoServer(): Server {
  return createServer({ noDelay: true }, (socket) => socket.pipe(socket));
}

/** Sends so many bytes for each byte that it is sent. */
export function sourceServer(bytes: number): Server {
  const payload = Buffer.alloc(bytes, Buffer.from(Array.from({ length: 251 }, (_, i) => i)));
  return createServer({ noDelay: true }, (socket) => {
    socket.on('data', () => socket.write(payload));
  });
}

/** Sends a byte or more, and waits for as many back. Resolves to the milliseconds that it took. */
export async function roundTrip(socket: Socket, text = 'x'): Promise<number> {
  const startMs = performance.now();
  socket.write(text);
  await receive(socket, text.length);
  return performance.now() - startMs;
}

/** Reads so many bytes; fewer where the connection ends before. */
export function receive(socket: Socket, bytes: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let left = bytes;
    const settle = () => {
      socket.off('data', take).off('end', settle).off('close', settle);
      resolve(Buffer.concat(chunks));
    };
    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      left -= chunk.length;
      if (left <= 0) settle();
    };
    socket.on('data', take).on('end', settle).on('close', settle);
  });
}

/** How a connection comes to its end; `open` where it has not within that time. */
export function fate(socket: Socket, withinMs: number): Promise<string> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('open'), withinMs);
    const settle = (how: string) => {
      clearTimeout(timer);
      resolve(how);
    };
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    socket.once('end', () => settle('end'));
    socket.resume();
  });
}

/** Resolves once the socket is closed, to whether that was by an error. */
export function closing(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once('close', resolve);
  });
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The 99.9% interval of a count of `n` draws with that probability (normal approximation, continuity corrected). */
export function binomial(n: number, probability: number): { readonly least: number; readonly most: number } {
  const reach = 3.2905 * Math.sqrt(n * probability * (1 - probability)) + 0.5;
  return { least: n * probability - reach, most: n * probability + reach };
}
