import { Socket } from 'node:net';
import type { LinkCounters } from './counters.ts';
import { HttpExchanges } from './http-exchanges.ts';
import { Lane, type Parcel } from './lane.ts';
import type { Upstream } from './link-spec.ts';
import { resetOnceFlushed } from './reset-socket.ts';
import type { Effect } from './toxic.ts';

/**
 * One connection of a link: the client’s socket, the one to the node, and a lane each way. The lanes are the network, and
 * lie between the client and the HTTP faults, which happen at the node:
 *
 *     client ── lane in ──▸ exchanges ──▸ node
 *     client ◂── lane out ── exchanges ◂── node
 *
 * What is refused or reset by one end is reset at the other.
 */
export class Connection {
  readonly #client: Socket;
  /** Without Nagle’s algorithm, as the client’s; it may close one direction and keep the other. */
  readonly #node = new Socket({ allowHalfOpen: true }).setNoDelay(true);
  readonly #upstream: Upstream;
  readonly #counters: LinkCounters;
  readonly #in: Lane;
  readonly #out: Lane;
  readonly #exchanges: HttpExchanges | null;
  readonly #effects: Effect[] = [];
  readonly #byMarker = new Map<string, Effect>();
  #isAttached = false;
  /** What the client was sent. */
  #bytesOut = 0;

  /** @param upstream Asked where the node is, once it is to be reached. */
  constructor(client: Socket, isHttp: boolean, upstream: Upstream, counters: LinkCounters) {
    this.#client = client;
    this.#upstream = upstream;
    this.#counters = counters;
    this.#in = new Lane('in', client, this.#effects, (parcel) => this.#deliverIn(parcel), false);
    this.#out = new Lane('out', this.#node, this.#effects, (parcel) => this.#deliverOut(parcel), true);
    this.#exchanges = isHttp
      ? new HttpExchanges(
          this.#effects,
          counters,
          (bytes) => this.#toNode(bytes),
          (parcel) => this.#out.put(parcel),
        )
      : null;
  }

  /** Begins, with the effects that were put upon it by then. Resolves once both sockets are closed. */
  async run(): Promise<void> {
    this.#listen();
    const closed = Promise.all([this.#client, this.#node].map(closing));
    this.#advance();
    await closed;
    this.#in.close();
    this.#out.close();
  }

  /** Puts an effect upon the connection; null: takes away what has that marker. Call `changed` thereafter. */
  put(marker: string, effect: Effect | null): void {
    const former = this.#byMarker.get(marker);
    if (former !== undefined) this.#effects.splice(this.#effects.indexOf(former), 1);
    this.#byMarker.delete(marker);
    if (effect === null) return;
    this.#byMarker.set(marker, effect);
    this.#effects.push(effect);
  }

  changed(): void {
    this.#advance();
    this.#in.flush();
    this.#out.flush();
  }

  destroy(): void {
    this.#client.destroy();
    this.#node.destroy();
  }

  #listen(): void {
    this.#client
      .on('data', (bytes) => this.#in.put(bytes))
      .on('end', () => (this.#isAttached ? this.#in.put('end') : this.destroy()))
      .on('error', () => (this.#isAttached ? this.#in.put('reset') : this.destroy()))
      .on('drain', () => this.#out.ready());
    this.#node
      .on('data', (bytes) => this.#fromNode(bytes))
      .on('end', () => this.#fromNode('end'))
      .on('error', () => this.#fromNode('reset'))
      .on('drain', () => this.#in.ready());
  }

  /** Reaches for the node, unless no packet would get through to it. */
  #advance(): void {
    if (this.#isAttached || this.#client.destroyed) return;
    if (this.#bytesToReset() === 0) {
      this.#injectReset();
    } else if (!this.#effects.some((effect) => effect.silent !== undefined)) {
      this.#isAttached = true;
      const { host, port } = this.#upstream;
      this.#node.connect({ host, port });
      this.#in.ready();
    }
  }

  #deliverIn(parcel: Parcel): boolean {
    if (parcel === 'end') {
      this.#exchanges?.requestEnd();
      this.#node.end();
    } else if (parcel === 'reset') this.#reset();
    else return this.#exchanges === null ? this.#toNode(parcel) : this.#exchanges.request(parcel);
    return true;
  }

  #fromNode(parcel: Parcel): void {
    if (this.#exchanges === null || parcel === 'reset') this.#out.put(parcel);
    else if (parcel === 'end') this.#exchanges.responseEnd();
    else this.#exchanges.response(parcel);
  }

  #deliverOut(parcel: Parcel): boolean {
    if (parcel === 'end') this.#client.end();
    else if (parcel === 'reset') this.#reset();
    else return this.#toClient(parcel);
    return true;
  }

  #toNode(bytes: Buffer): boolean {
    this.#counters.bytesIn += bytes.length;
    return this.#node.write(bytes);
  }

  #toClient(bytes: Buffer): boolean {
    const room = this.#bytesToReset() - this.#bytesOut;
    const allowed = bytes.length > room ? bytes.subarray(0, Math.max(0, room)) : bytes;
    this.#bytesOut += allowed.length;
    this.#counters.bytesOut += allowed.length;
    const isReady = this.#client.write(allowed);
    if (bytes.length < room) return isReady;
    this.#injectReset();
    return false;
  }

  #bytesToReset(): number {
    let bytes = Number.POSITIVE_INFINITY;
    for (const { resetAfterBytes } of this.#effects) bytes = Math.min(bytes, resetAfterBytes ?? bytes);
    return bytes;
  }

  #injectReset(): void {
    this.#counters.connectionsReset += 1;
    this.#reset();
  }

  #reset(): void {
    resetOnceFlushed(this.#client);
    resetOnceFlushed(this.#node);
  }
}

function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}
