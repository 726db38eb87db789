import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { toxicOf } from './box.ts';
import { Connection } from './connection.ts';
import { type LinkCounters, zeroCounters } from './counters.ts';
import { drawsFor } from './draws.ts';
import { type InForce, type LinkSpec, linkName } from './link-spec.ts';
import type { Toxic, ToxicSpec } from './toxic.ts';

interface Applied extends InForce {
  readonly toxic: Toxic;
  /** How many toxics the link had before. Markers differ from run to run, so draws do not hang on them. */
  readonly ordinal: number;
}

/** A listener in front of a node, its connections, and the toxics that are in force on them. */
export class Link {
  readonly #spec: LinkSpec;
  readonly #seed: number;
  readonly #server: Server;
  readonly #connections = new Map<Connection, number>();
  readonly #applied = new Map<string, Applied>();
  readonly #counters = zeroCounters();
  #toxicsSet = 0;

  /** @throws Error where no port can be listened on */
  static async open(spec: LinkSpec, seed: number): Promise<Link> {
    const link = new Link(spec, seed);
    link.#server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 });
    await once(link.#server, 'listening');
    return link;
  }

  private constructor(spec: LinkSpec, seed: number) {
    this.#spec = spec;
    this.#seed = seed;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  get localPort(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the link takes no connections');
    return address.port;
  }

  get counters(): LinkCounters {
    return this.#counters;
  }

  get inForce(): readonly InForce[] {
    return [...this.#applied.values()].map(({ marker, spec }) => ({ marker, spec }));
  }

  /** In place of what has that marker already. */
  set(marker: string, spec: ToxicSpec): void {
    const applied = { marker, spec, toxic: toxicOf(spec), ordinal: this.#toxicsSet };
    this.#toxicsSet += 1;
    this.#applied.set(marker, applied);
    for (const [connection, number] of this.#connections) this.#meet(connection, number, applied, false);
    this.#changed();
  }

  clear(marker: string): void {
    this.#applied.delete(marker);
    for (const connection of this.#connections.keys()) connection.put(marker, null);
    this.#changed();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const connection of this.#connections.keys()) connection.destroy();
    await closed;
  }

  #accept(client: Socket): void {
    const number = this.#counters.connections;
    this.#counters.connections += 1;
    this.#counters.openConnections += 1;
    const isHttp = this.#spec.protocol === 'http';
    const connection = new Connection(client, isHttp, this.#spec, this.#counters);
    this.#connections.set(connection, number);
    for (const applied of this.#applied.values()) this.#meet(connection, number, applied, true);
    void connection.run().then(() => {
      this.#connections.delete(connection);
      this.#counters.openConnections -= 1;
    });
  }

  #meet(
    connection: Connection,
    number: number,
    { marker, spec, toxic, ordinal }: Applied,
    isNew: boolean,
  ): void {
    const effect = toxic({
      isNew,
      draws: (stream = '') => drawsFor(this.#seed, linkName(this.#spec), number, ordinal, spec.kind, stream),
      counters: this.#counters,
    });
    connection.put(marker, effect);
  }

  #changed(): void {
    for (const connection of this.#connections.keys()) connection.changed();
  }
}
