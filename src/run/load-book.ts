import type { NodeSpec } from '../model/node.ts';
import type { Order } from './plan.ts';

export interface Load {
  readonly rps: number;
  readonly nodes: readonly NodeSpec[];
}

/** The load at one point of a plan. Each change answers with its order. */
export class LoadBook {
  #current: Load | null = null;
  #last: Load | null = null;

  /** Null where none runs. */
  get current(): Load | null {
    return this.#current;
  }

  /** The load that runs, or ran last. */
  get last(): Load | null {
    return this.#last;
  }

  get isUnused(): boolean {
    return this.#last === null;
  }

  /** Null stops it. */
  set(load: Load | null): Order {
    this.#current = load;
    if (load === null) return { type: 'stop_load' };
    this.#last = load;
    return { type: 'set_load', ...load };
  }

  /** Stops the load of some nodes, or of all (null). The others go on as before: each keeps its share of the rate. */
  stop(names: readonly string[] | null): Order {
    const { rps = 0, nodes = [] } = this.#current ?? {};
    const left = names === null ? [] : nodes.filter(({ name }) => !names.includes(name));
    if (left.length === 0) return this.set(null);
    this.#current = { rps: (rps * left.length) / nodes.length, nodes: left };
    return { type: 'set_load', ...this.#current };
  }
}
