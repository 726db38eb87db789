import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/**
 * An HTTP server that answers at once, but for one stall: from a request of a given number on it answers nothing for a
 * while, and then all that came meanwhile. It reads one request from each piece of data, as clients send them that wait
 * for an answer before they send the next one on that connection.
 */
export class StallingServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: Socket[] = [];
  readonly #stall: { readonly atRequest: number; readonly forMs: number };
  #requests = 0;
  #sinceMs = Number.NaN;
  #stalledMs = Number.NaN;

  private constructor(stall: { readonly atRequest: number; readonly forMs: number }) {
    this.#stall = stall;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('data', () => this.#take(socket));
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(stall: { readonly atRequest: number; readonly forMs: number }): Promise<StallingServer> {
    const server = new StallingServer(stall);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** How long the stall was when it came to its end. */
  get stalledMs(): number {
    return this.#stalledMs;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #take(socket: Socket): void {
    this.#requests += 1;
    if (this.#requests === this.#stall.atRequest) {
      this.#sinceMs = performance.now();
      this.#endIn(this.#stall.forMs);
    }
    const stalls = !Number.isNaN(this.#sinceMs) && Number.isNaN(this.#stalledMs);
    if (stalls) this.#waiting.push(socket);
    else socket.write(answer);
  }

  /** Timers count whole milliseconds: the last one is waited for turn by turn. */
  #endIn(leftMs: number): void {
    if (leftMs > 2) {
      setTimeout(() => this.#endIn(this.#leftMs), leftMs - 2);
    } else if (leftMs > 0) {
      setImmediate(() => this.#endIn(this.#leftMs));
    } else {
      this.#stalledMs = performance.now() - this.#sinceMs;
      for (const socket of this.#waiting) socket.write(answer);
    }
  }

  get #leftMs(): number {
    return this.#sinceMs + this.#stall.forMs - performance.now();
  }
}
