import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { addedMs, type Disturbance } from './disturbance.ts';
import type { Protocol } from './protocol.ts';

export interface ScriptedNodeOptions {
  readonly protocol: Protocol;
  readonly port: number;
  /** Draws from [0, 1) whether an answer is an error. */
  readonly random: () => number;
  /** What time of the script it is. */
  readonly nowSec: () => number;
  /** How long an answer takes while nothing is wrong. */
  readonly usualMs: () => number;
  /** Called when a request of the load comes. */
  readonly onLoad: () => void;
  /** Called when a connection is made. */
  readonly onConnection: () => void;
}

/** A node on a port of its own, which does what it is told to do. */
export class ScriptedNode {
  readonly #options: ScriptedNodeOptions;
  readonly #connections = new Set<Connection>();
  #server: Server | null = null;
  #disturbance: Disturbance | null = null;

  constructor(options: ScriptedNodeOptions) {
    this.#options = options;
  }

  /** Resolves when it listens; rejects where another has the port. */
  async listen(): Promise<void> {
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.listen(this.#options.port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** From when this returns it is so. */
  begin(disturbance: Disturbance): void {
    this.#disturbance = disturbance;
    if (disturbance.kind === 'refuse') this.close();
    if (disturbance.kind === 'reset') this.#resetAll();
  }

  /** Resolves when it is over. */
  async end(): Promise<void> {
    const kind = this.#disturbance?.kind;
    if (kind === 'refuse') await this.listen();
    this.#disturbance = null;
    if (kind === 'hang') for (const connection of this.#connections) connection.release();
  }

  /** How long it will be until all that has come is answered, whatever waits for the end of a hang aside. */
  get backlogMs(): number {
    return Math.max(0, ...[...this.#connections].map((connection) => connection.backlogMs));
  }

  close(): void {
    this.#server?.close();
    this.#resetAll();
  }

  #resetAll(): void {
    for (const connection of this.#connections) connection.reset();
  }

  #accept(socket: Socket): void {
    const { protocol, onConnection } = this.#options;
    if (this.#disturbance?.kind === 'reset') {
      socket.on('error', () => {});
      socket.resetAndDestroy();
      return;
    }
    onConnection();
    const connection = new Connection(socket, protocol, (isLoad) => this.#fate(isLoad));
    this.#connections.add(connection);
    socket.on('close', () => this.#connections.delete(connection));
  }

  /** What becomes of a request that comes now. */
  #fate(isLoad: boolean): Fate {
    const { random, nowSec, usualMs, onLoad } = this.#options;
    if (isLoad) onLoad();
    const now = this.#disturbance;
    return {
      isHeld: now?.kind === 'hang',
      isError: now?.kind === 'errors' && random() < now.share,
      afterMs: usualMs() + (now === null ? 0 : addedMs(now, nowSec())),
    };
  }
}

interface Fate {
  readonly isHeld: boolean;
  readonly isError: boolean;
  readonly afterMs: number;
}

/** Answers in the order of the requests. */
class Connection {
  readonly #socket: Socket;
  readonly #protocol: Protocol;
  #rest: Buffer = Buffer.alloc(0);
  /** Answers that wait for the end of a hang. */
  #held = 0;
  /** When the last answer is to go. */
  #lastMs = 0;

  constructor(socket: Socket, protocol: Protocol, fateOf: (isLoad: boolean) => Fate) {
    this.#socket = socket;
    this.#protocol = protocol;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const { requests, rest } = protocol.take(Buffer.concat([this.#rest, bytes]));
      this.#rest = rest;
      for (const isLoad of requests) this.#answer(fateOf(isLoad));
    });
  }

  get backlogMs(): number {
    return this.#lastMs - performance.now();
  }

  release(): void {
    if (this.#held > 0) this.#socket.write(Buffer.concat(Array<Buffer>(this.#held).fill(this.#protocol.ok)));
    this.#held = 0;
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  #answer({ isHeld, isError, afterMs }: Fate): void {
    if (isHeld) {
      this.#held += 1;
      return;
    }
    const answer = isError ? this.#protocol.error : this.#protocol.ok;
    const nowMs = performance.now();
    this.#lastMs = Math.max(nowMs + afterMs, this.#lastMs);
    setTimeout(() => {
      if (this.#socket.writable) this.#socket.write(answer);
    }, this.#lastMs - nowMs);
  }
}
