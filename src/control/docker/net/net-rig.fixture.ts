import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Disturber, Json, Trace } from '../../../model/disturber.ts';
import type { Disturbance } from '../../../model/fault-spec.ts';
import { z } from '../../../model/zod.ts';
import { engineAddress } from '../address.ts';
import { Containers, docker } from '../containers.fixture.ts';
import type { InspectedContainer } from '../engine.ts';
import { nodeContainers } from '../node-containers.ts';
import { connectEngine } from '../docker.ts';
import { answerOf, until } from '../../driver.contract.ts';
import { freePort } from '../../ports.ts';
import { dockerNetDisturbers } from './disturbers.ts';

const execute = promisify(execFile);
const json = z.json();

/** What the nodes under test run: bytes by HTTP, and a count of the datagrams that came. */
const service = `
  let datagrams = 0;
  require('dgram').createSocket('udp4').on('message', () => { datagrams += 1; }).bind(9000);
  require('http').createServer((request, response) => {
    const [, what, count] = request.url.split('/');
    response.end(what === 'bytes' ? Buffer.alloc(Number(count), 'x') : String(datagrams));
  }).listen(8000).keepAliveTimeout = 60000;
`;

export interface RigNode {
  readonly name: string;
  readonly id: string;
  readonly port: number;
}

export interface RigOptions {
  readonly isLocal?: boolean;
  readonly image?: string;
  readonly runPath?: string | null;
}

/** For tests: nodes in a Docker network of this test's own, and what disturbs them. */
export class NetRig {
  readonly engine = connectEngine(engineAddress(process.env));
  readonly nodes = new Map<string, RigNode>();
  readonly network: string;
  readonly #containers: Containers;
  readonly #marker: string;
  #faults = 0;

  private constructor(name: string) {
    this.#containers = new Containers(`net-${name}`);
    this.network = this.#containers.project;
    this.#marker = `${name}-${process.pid}`;
  }

  static async start(name: string, names: readonly string[], networkArgs: string[] = []): Promise<NetRig> {
    const rig = new NetRig(name);
    await docker('network', 'create', ...networkArgs, rig.network);
    await Promise.all(names.map((node) => rig.add(node)));
    return rig;
  }

  /** Resolves once the node answers. */
  async add(name: string): Promise<void> {
    const port = await freePort();
    const args = ['--network', this.network, '--network-alias', name];
    const command = ['node', '-e', service];
    const id = await this.#containers.run({ service: name, port, args, command });
    this.nodes.set(name, { name, id, port });
    const node = { name, kind: 'http', url: `http://127.0.0.1:${port}`, managed: true } as const;
    await until(async () => (await answerOf(node)) === 'answers', `${name} to answer`);
  }

  /** One that serves nothing, on a network of another kind. */
  async addIdle(name: string, networkMode: string): Promise<void> {
    const args = ['--network', networkMode];
    const id = await this.#containers.run({ service: name, args, command: ['sleep', '600'] });
    this.nodes.set(name, { name, id, port: 0 });
  }

  node(name: string): RigNode {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`the rig has no ${name}`);
    return node;
  }

  inspect(name: string): Promise<InspectedContainer> {
    return this.engine.inspect(this.node(name).id);
  }

  async addressOf(name: string): Promise<string> {
    return (await this.inspect(name)).networks[0]?.address ?? '';
  }

  /** Made anew at each call, as in another process. */
  disturber(means: string, { isLocal = true, image, runPath = null }: RigOptions = {}): Disturber {
    const ids = new Map([...this.nodes.values()].map(({ name, id }) => [name, id]));
    const containers = nodeContainers(this.engine, ids, () => null);
    const all = dockerNetDisturbers({ engine: this.engine, containers, isLocal, image, runPath });
    const found = all.find((one) => one.means === means);
    if (found === undefined) throw new Error(`no ${means} among ${all.map((one) => one.means).join(', ')}`);
    return found;
  }

  nextMarker(): string {
    this.#faults += 1;
    return `${this.#marker}-${this.#faults}`;
  }

  /** With the disturbance in force; takes it away whatever happens, by another instance, and sees it gone. */
  async during(means: string, node: string, spec: Disturbance, act: () => Promise<void>): Promise<void> {
    const prepared = await this.disturber(means).prepare(node, spec, this.nextMarker());
    // As the journal would hand it on.
    const journaled = json.parse(JSON.parse(JSON.stringify(prepared)));
    try {
      await this.disturber(means).apply(node, spec, journaled);
      await this.#sees('present', means, node, spec, journaled);
      await act();
    } finally {
      await this.disturber(means).remove(node, spec, journaled);
    }
    await this.#sees('absent', means, node, spec, journaled);
  }

  async #sees(
    expected: Trace['state'],
    means: string,
    node: string,
    spec: Disturbance,
    prepared: Json,
  ): Promise<void> {
    const { state, evidence } = await this.disturber(means).look(node, spec, prepared);
    if (state !== expected) throw new Error(`it is not ${expected} but ${state}: ${evidence}`);
  }

  /** Runs a command in the network namespace of a node, from outside. */
  async within(name: string, ...command: string[]): Promise<string> {
    const { pid } = await this.inspect(name);
    return (await execute('nsenter', ['--target', String(pid), '--net', ...command])).stdout;
  }

  /** Runs JavaScript in a node; resolves to what it prints. */
  exec(name: string, script: string): Promise<string> {
    return docker('exec', this.node(name).id, 'node', '-e', script);
  }

  async datagramsAt(name: string): Promise<number> {
    const url = `http://127.0.0.1:${this.node(name).port}/datagrams`;
    return Number(await (await fetch(url, { headers: { connection: 'close' } })).text());
  }

  async end(): Promise<void> {
    await this.#containers.removeAll();
    await docker('network', 'rm', this.network);
  }
}

/** Sends datagrams slowly enough that no buffer overflows. */
export async function sendDatagrams(host: string, count: number): Promise<void> {
  const socket = createSocket('udp4');
  for (let sent = 0; sent < count; sent += 1) {
    await new Promise<void>((resolve, reject) => {
      socket.send('x', 9000, host, (error) => (error === null ? resolve() : reject(error)));
    });
    if (sent % 20 === 19) await sleep(2);
  }
  socket.close();
  await sleep(100);
}

export interface Answer {
  /** The error's code, `silent` after the wait, `ended` where the other side closed, or `answers`. */
  readonly came: string;
  readonly bytes: number;
}

export function open(host: string, port: number): Socket {
  return connect({ host, port }).on('error', () => undefined);
}

/** Asks over a connection, a new one unless it is given, and waits for the whole answer, or so long for silence. */
export function ask(socket: Socket, path: string, bytes: number, waitMs: number): Promise<Answer> {
  let received = 0;
  return new Promise((resolve) => {
    const settle = (came: string) => {
      clearTimeout(timer);
      socket.removeAllListeners('data').removeAllListeners('end');
      resolve({ came, bytes: received });
    };
    const timer = setTimeout(() => settle('silent'), waitMs);
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    socket.on('end', () => settle('ended'));
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received >= bytes) settle('answers');
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: node\r\n\r\n`);
  });
}
