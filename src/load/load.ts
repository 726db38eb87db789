import { type Demand, demandText } from '../model/demand.ts';
import type { NodeSpec } from '../model/node.ts';

/** One load: several may run at once, each by its name. */
export interface Load {
  readonly name: string;
  readonly demand: Demand;
  /** What its requests are: a name of the config's `workloads`; null: the workload that needs none. */
  readonly workload: string | null;
  /** All of one kind. */
  readonly nodes: readonly NodeSpec[];
  /** When its rate begins, in milliseconds of the run, where that was before it was set; null: as it is set. */
  readonly sinceMs: number | null;
}

export function sameLoad(a: Load, b: Load): boolean {
  return (
    a.name === b.name &&
    a.workload === b.workload &&
    JSON.stringify(a.demand) === JSON.stringify(b.demand) &&
    a.nodes.length === b.nodes.length &&
    a.nodes.every(({ name }, index) => name === b.nodes[index]?.name)
  );
}

/** The name of a load that was given none. */
export const plainName = 'load';

/** `load`, `load checkout`. */
export function named(name: string): string {
  return name === plainName ? 'load' : `load ${name}`;
}

/** `load 50 rps`, `load checkout: 20 users, thinking 0.5 s, of workload reads`. */
export function loadText({ name, demand, workload }: Pick<Load, 'name' | 'demand' | 'workload'>): string {
  const requests = workload === null ? '' : `, of workload ${workload}`;
  return `${named(name)}${name === plainName ? '' : ':'} ${demandText(demand)}${requests}`;
}
