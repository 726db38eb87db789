import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from '../../model/zod.ts';
import type { OpenLink } from '../link-spec.ts';
import { portOf } from '../stage.fixture.ts';
import { toxiproxyAddress } from './address.ts';
import { ToxiproxyApi } from './api.ts';

/** A real Toxiproxy server of its own, for tests, with servers behind it and clients: all of it ends with it. */
export class ToxiproxyServer {
  readonly api: ToxiproxyApi;
  readonly #child: ChildProcess;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(child: ChildProcess, at: string) {
    this.#child = child;
    this.api = new ToxiproxyApi(toxiproxyAddress(at));
  }

  static async start(): Promise<ToxiproxyServer> {
    const port = await freePort();
    const child = spawn('toxiproxy-server', ['-host', '127.0.0.1', '-port', String(port)], {
      stdio: 'ignore',
    });
    const server = new ToxiproxyServer(child, `127.0.0.1:${port}`);
    for (let tries = 0; ; tries += 1) {
      try {
        await server.api.version();
        return server;
      } catch (error) {
        if (tries < 200) {
          await sleep(50);
          continue;
        }
        await server.stop();
        throw error;
      }
    }
  }

  get at(): string {
    return this.api.address.text;
  }

  /** Makes that server listen. */
  async listen(server: Server): Promise<number> {
    this.#servers.push(server);
    server.on('connection', (socket) => this.#keep(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return portOf(server);
  }

  /** A proxy of that name to it, as somebody else would make one too. */
  async proxy(name: string, server: Server): Promise<Pick<OpenLink, 'localPort'>> {
    const upstream = `127.0.0.1:${await this.listen(server)}`;
    const listens = await this.api.createProxy({ name, listen: '127.0.0.1:0', upstream });
    return { localPort: Number(listens.split(':').at(-1)) };
  }

  /** A connected client. Its errors are for whoever awaits them. */
  async client({ localPort }: Pick<OpenLink, 'localPort'>): Promise<Socket> {
    const socket = connect({ port: localPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.#keep(socket);
    await once(socket, 'connect');
    return socket;
  }

  /** The names of all proxies that there are. */
  async names(): Promise<readonly string[]> {
    const answer = await (await fetch(`http://${this.at}/proxies`)).json();
    return Object.keys(z.record(z.string(), z.unknown()).parse(answer)).toSorted();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
  }
}

/** A port of 127.0.0.1 that nobody has taken. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}
