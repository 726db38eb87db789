import { Cluster, Command, type Redis } from './ioredis.ts';
import type { Words } from './redis-commands.ts';

/** Sends one command at a time, each after the one before was answered or refused. */
export type Carrier = (words: Words) => void;

export type CarrierOf = (answered: () => void, refused: (error: Error) => void) => Carrier;

/** How commands go out on a connection, or on those of a cluster. */
export function wayOf(redis: Redis | Cluster): CarrierOf {
  // Of a cluster, each command finds its own connection, and another one where that has nothing to say of its key.
  if (redis instanceof Cluster) {
    return (answered, refused) =>
      ([name, ...args]) =>
        void redis.call(name, args).then(answered, refused);
  }
  const outlet = new Outlet(redis);
  return (answered, refused) => {
    const command = new ReusedCommand(answered, refused);
    return (words) => void redis.sendCommand(command.saying(words), outlet);
  };
}

/**
 * A command that is sent again and again, each time when it has been answered: to make one, with its promise and its bytes,
 * costs as much as all else that ioredis does for it. The promise never settles; functions are told in its place.
 */
class ReusedCommand extends Command {
  // Otherwise ioredis makes another promise.
  override isTraced = true;
  #words: Words | undefined;
  #bytes: string | Buffer = '';

  constructor(answered: () => void, refused: (error: Error) => void) {
    super('');
    this.resolve = answered;
    this.reject = refused;
  }

  saying(words: Words): this {
    if (words === this.#words) return this;
    this.#words = words;
    [this.name, ...this.args] = words;
    this.#bytes = super.toWritable(this);
    // ioredis asks time and again what kind of command it is, by its name in small letters.
    this.name = this.name.toLowerCase();
    return this;
  }

  override toWritable(): string | Buffer {
    return this.#bytes;
  }
}

/**
 * Gathers what is written to a connection in one turn of the event loop: a write costs several times as much as a command.
 * To ioredis it is the stream of a pipeline.
 */
class Outlet {
  readonly isPipeline = true;
  readonly destination: { readonly redis: Redis };
  #gathered = '';

  constructor(redis: Redis) {
    this.destination = { redis };
  }

  write(bytes: string | Buffer): void {
    if (this.#gathered === '') {
      const { stream } = this.destination.redis;
      queueMicrotask(() => {
        const all = this.#gathered;
        this.#gathered = '';
        // Where the connection is gone by now, ioredis has refused all that was sent on it.
        if (stream.writable) stream.write(all);
      });
    }
    this.#gathered += String(bytes);
  }
}
