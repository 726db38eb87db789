import { named, plainName } from '../load/load.ts';
import { demandOf } from '../model/load-action.ts';
import type { NodeKind, NodeSpec } from '../model/node.ts';
import { allNodes, type Selector } from '../model/selector.ts';
import type { LoadAction, SetLoad, StopLoad } from '../model/simple-action.ts';
import type { Draft } from './draft.ts';
import type { LoadBook } from './load-book.ts';
import { kindsMistake, workloadMistake } from './load-mistakes.ts';
import type { Order } from './plan.ts';

export interface PlannedLoadsOptions {
  readonly draft: Draft;
  readonly book: LoadBook;
  /** The nodes that a target of the action means. */
  readonly nodesOf: (target: Selector) => readonly NodeSpec[];
  /** The kind of node that each named workload is for. */
  readonly workloads: ReadonlyMap<string, NodeKind> | undefined;
  /** When the action's phase ends, in milliseconds since the run's start. */
  readonly endOfPhaseMs: number;
}

/** Puts a change of load into a plan. */
export class PlannedLoads {
  readonly #options: PlannedLoadsOptions;

  constructor(options: PlannedLoadsOptions) {
    this.#options = options;
  }

  make(action: LoadAction): void {
    const orders = action.type === 'stop_load' ? this.#stop(action) : this.#set(action);
    for (const order of orders) this.#options.draft.order(order);
  }

  #stop(action: StopLoad): readonly Order[] {
    const { draft, book, nodesOf } = this.#options;
    const { target = allNodes, name = null } = action;
    const isRunning = book.current.some((load) => name === null || load.name === name);
    if (!isRunning) draft.warn(`stop_load, but no ${name === null ? 'load' : named(name)} is running`);
    const nodes = target === allNodes ? null : nodesOf(target).map((node) => node.name);
    return nodes?.length === 0 ? [] : book.stop(name, nodes);
  }

  #set(action: SetLoad): readonly Order[] {
    const { draft, book, nodesOf, workloads } = this.#options;
    const { target, name = plainName } = action;
    const last = book.last(name);
    if (action.type === 'continue_load' && last === undefined && !book.isUnused)
      draft.warn(`continue_load, but no ${named(name)} has run before: it begins here`);
    const demand = demandOf(action, last?.demand, this.#leftMs(action.duration_sec));
    if (typeof demand === 'string') return this.#refuse(`${action.type}: ${demand}`);
    const nodes = (target === undefined ? last?.nodes : undefined) ?? nodesOf(target ?? allNodes);
    if (nodes.length === 0) return [];
    const workload = action.workload ?? last?.workload ?? null;
    const mistake = kindsMistake(nodes) ?? workloadMistake(workload, workloads, nodes);
    if (mistake !== null) return this.#refuse(mistake);
    // What goes on as it was is where it was.
    const atMs = draft.at.lane === undefined ? draft.at.atMs : null;
    const sinceMs = last !== undefined && demand === last.demand ? last.sinceMs : atMs;
    return [book.set({ name, demand, workload, nodes, sinceMs })];
  }

  #refuse(mistake: string): readonly [] {
    this.#options.draft.mistake(mistake);
    return [];
  }

  /** How long an action goes on that has such a duration; else its phase. */
  #leftMs(durationSec: number | undefined): number {
    if (durationSec !== undefined) return durationSec * 1000;
    const { draft, endOfPhaseMs } = this.#options;
    return Math.max(endOfPhaseMs - draft.at.atMs, 1);
  }
}
