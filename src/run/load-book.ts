import { type Load } from '../load/load.ts';
import { scaled } from '../model/demand.ts';
import type { Order } from './plan.ts';

/** The loads at one point of a plan, each by its name. Changes answer with their orders. */
export class LoadBook {
  readonly #current = new Map<string, Load>();
  readonly #last = new Map<string, Load>();

  /** Those that run. */
  get current(): readonly Load[] {
    return [...this.#current.values()];
  }

  /** The load of that name, as it runs, or ran last. */
  last(name: string): Load | undefined {
    return this.#last.get(name);
  }

  get isUnused(): boolean {
    return this.#last.size === 0;
  }

  set(load: Load): Order {
    this.#current.set(load.name, load);
    this.#last.set(load.name, load);
    return { type: 'set_load', load };
  }

  /** Stops one load, or all (null): as a whole, or for some nodes (else null). The others go on as before, each with its share of the load. */
  stop(name: string | null, nodes: readonly string[] | null): readonly Order[] {
    const meant = this.current.filter((load) => name === null || load.name === name);
    return meant.flatMap((load): readonly Order[] => {
      const left = nodes === null ? [] : load.nodes.filter((node) => !nodes.includes(node.name));
      if (left.length === load.nodes.length) return [];
      if (left.length === 0) return [this.#end(load)];
      const rest = { ...load, nodes: left, demand: scaled(load.demand, left.length / load.nodes.length) };
      this.#current.set(load.name, rest);
      return [{ type: 'set_load', load: rest }];
    });
  }

  /** Makes each load that an action changed what it was before, unless another action has changed it since. */
  restore(before: readonly Load[], made: readonly Load[]): readonly Order[] {
    const names = new Set([...before, ...made].map(({ name }) => name));
    return [...names].flatMap((name): readonly Order[] => {
      const was = before.find((load) => load.name === name);
      const became = made.find((load) => load.name === name);
      if (was === became || this.#current.get(name) !== became) return [];
      if (was !== undefined) return [this.set(was)];
      return became === undefined ? [] : [this.#end(became)];
    });
  }

  #end({ name }: Load): Order {
    this.#current.delete(name);
    return { type: 'stop_load', load: name };
  }
}
