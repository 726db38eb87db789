import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'vitest';
import { createDemoService, type DemoService } from '../src/demo/service.ts';

/** A demo node in this process, on a port of its own, and clients for it. */
export class TestNode {
  readonly service: DemoService;
  readonly port: number;

  private constructor(service: DemoService, port: number) {
    this.service = service;
    this.port = port;
  }

  static async start(workDelayMs: readonly [number, number]): Promise<TestNode> {
    const service = createDemoService({ node: 'service-node-9', workDelayMs });
    service.server.listen(0, '127.0.0.1');
    await once(service.server, 'listening');
    const at = service.server.address();
    if (at === null || typeof at === 'string') throw new Error('no address');
    return new TestNode(service, at.port);
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  post(body: string | Uint8Array<ArrayBuffer>): Promise<Response> {
    return fetch(this.url('/work'), { method: 'POST', body });
  }

  /** Expects the node to tell that state before long. */
  async expectState(part: object): Promise<void> {
    const state = async (): Promise<unknown> => (await fetch(this.url('/state'))).json();
    await expect.poll(state, { timeout: 10_000 }).toMatchObject(part);
  }

  raw(): RawClient {
    return new RawClient(this.port);
  }

  /** A client whose work has just begun. */
  async busyClient(): Promise<RawClient> {
    const arrived = once(this.service.server, 'request');
    const client = this.raw();
    await client.write('POST /work HTTP/1.1\r\nhost: a\r\ncontent-length: 15\r\n\r\n{"payload":"a"}');
    await arrived;
    return client;
  }
}

/** A connection on which bytes are written by hand. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  received = '';
  /** What the socket failed with: a reset, above all. */
  failure = '';

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (chunk) => {
      this.received += chunk.toString();
    });
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.failure = error.code ?? error.message;
    });
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => resolve());
    });
  }

  async write(text: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.socket.write(text, () => resolve());
    });
  }

  /** Waits until `text` has been received. */
  async until(text: string): Promise<void> {
    await expect.poll(() => this.received, { timeout: 10_000, interval: 5 }).toContain(text);
  }
}
