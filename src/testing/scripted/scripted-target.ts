import { type Clock, sleep } from '../../clock/clock.ts';
import type { NodeSpec } from '../../model/node.ts';
import type { Random } from '../../model/random.ts';
import type { Reply } from '../../model/record.ts';
import type { Asker, Operation, Target } from '../../target/target.ts';
import { addedMs, concerns, type Disturbance, isOutage } from './disturbance.ts';
import type { Noise } from './noise.ts';

export interface ScriptedTargetOptions {
  readonly clock: Clock;
  /** The script's zero on the clock. */
  readonly startMs: number;
  readonly disturbances: readonly Disturbance[];
  readonly noise: Noise;
  readonly random: Random;
}

const roundTripMs = 0.3;
const ok: Reply = { outcome: 'ok', status: 200, error: '' };
const refused: Reply = { outcome: 'fail', status: 0, error: 'ECONNREFUSED' };
const reset: Reply = { outcome: 'fail', status: 0, error: 'ECONNRESET' };
const unavailable: Reply = { outcome: 'fail', status: 503, error: 'http_503' };
const timedOut: Reply = { outcome: 'unknown', status: 0, error: 'timeout' };

/** A service as a script has it, without sockets: what becomes of a request follows from when it comes. */
export class ScriptedTarget implements Target {
  readonly kind = 'http';
  readonly #options: ScriptedTargetOptions;
  #caughtSec = Number.POSITIVE_INFINITY;

  constructor(options: ScriptedTargetOptions) {
    this.#options = options;
  }

  /** When the first request came that was under way as an outage began, and was lost or held up by it. */
  get caughtSec(): number {
    return this.#caughtSec;
  }

  async open(): Promise<void> {}

  operation(): Operation {
    return { name: 'GET /', index: 0 };
  }

  invoke(node: NodeSpec, _operation: Operation, timeoutMs: number, _seq: number, asker: Asker): void {
    void this.#answer(node, timeoutMs).then((reply) => asker.settle(reply));
  }

  async #answer(node: NodeSpec, timeoutMs: number): Promise<Reply> {
    const { clock, startMs } = this.#options;
    const { afterMs, reply } = this.#fate(node.name, (clock.now() - startMs) / 1000);
    await sleep(clock, Math.min(afterMs, timeoutMs));
    return afterMs > timeoutMs ? timedOut : reply;
  }

  async probe(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {}

  /** What becomes of a request that comes at a time, and how long after. */
  #fate(node: string, sec: number): { readonly afterMs: number; readonly reply: Reply } {
    const { disturbances, noise, random } = this.#options;
    const own = disturbances.filter((each) => concerns(each, node));
    const now = own.find(({ fromSec, toSec }) => fromSec <= sec && sec < toSec);
    const usualMs = noise.latencyMs(sec);
    if (now?.kind === 'refuse') return { afterMs: roundTripMs, reply: refused };
    if (now?.kind === 'reset') return { afterMs: roundTripMs, reply: reset };
    if (now?.kind === 'hang') return { afterMs: (now.toSec - sec) * 1000 + usualMs, reply: ok };
    const afterMs = usualMs + (now === undefined ? 0 : addedMs(now, sec));
    // An outage that begins meanwhile ends it too, or holds it up.
    const next = own.find(
      (each) => isOutage(each) && sec < each.fromSec && each.fromSec < sec + afterMs / 1000,
    );
    if (next !== undefined) this.#caughtSec = Math.min(this.#caughtSec, sec);
    if (next?.kind === 'hang') return { afterMs: (next.toSec - sec) * 1000, reply: ok };
    if (next !== undefined) return { afterMs: (next.fromSec - sec) * 1000, reply: reset };
    const fails = noise.isStray() || (now?.kind === 'errors' && random() < now.share);
    return { afterMs, reply: fails ? unavailable : ok };
  }
}
