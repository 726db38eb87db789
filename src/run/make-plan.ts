import { suggestion } from '../config/explain.ts';
import { type BlastRadius, stricter } from '../model/blast-radius.ts';
import { OrchError } from '../model/errors.ts';
import type { FaultKind } from '../model/event.ts';
import type { Mode, NodeSpec } from '../model/node.ts';
import type { Action, Scenario } from '../model/scenario.ts';
import { parseStopCondition } from '../model/stop-condition.ts';
import { beyond } from './blast-radius.ts';
import { labelOf, type Order, type Plan, type PlannedPhase, type Step, withUndoTimes } from './plan.ts';

export interface PlanInput {
  readonly scenario: Scenario;
  readonly mode: Mode;
  /** All nodes of the config. */
  readonly nodes: readonly NodeSpec[];
  /** The config's; the scenario may have a stricter one. */
  readonly blastRadius: BlastRadius;
  /** `file:line:column` of a part of the scenario. */
  readonly where: (path: readonly (string | number)[]) => string;
}

/** A restart waits this long for the node to go by itself. */
const restartGraceMs = 10_000;

/**
 * Flattens a scenario into timed steps and refuses what cannot be carried out, all mistakes at once.
 * @throws OrchError `plan-invalid`
 */
export function makePlan(input: PlanInput): Plan {
  return new Planner(input).plan();
}

class Planner {
  readonly #input: PlanInput;
  readonly #steps: Step[] = [];
  readonly #mistakes: string[] = [];
  readonly #warnings: string[] = [];
  readonly #touched = new Set<NodeSpec>();
  /** What is down where a fault is injected, judged once all nodes of the run are known. */
  readonly #downs: { place: string; node: NodeSpec; kind: FaultKind; down: ReadonlySet<string> }[] = [];
  /** Faults in force at this point of the plan, by node. */
  readonly #open = new Map<
    string,
    { readonly id: string; readonly kind: FaultKind; readonly phase: string }
  >();
  #load: { rps: number; nodes: readonly NodeSpec[] } | null = null;
  #lastLoad: { rps: number; nodes: readonly NodeSpec[] } | null = null;
  #faultCount = 0;
  #atMs = 0;
  #phase = '';
  #place = '';

  constructor(input: PlanInput) {
    this.#input = input;
  }

  plan(): Plan {
    const { scenario, where } = this.#input;
    const phases: PlannedPhase[] = [];
    for (const [index, phase] of scenario.phases.entries()) {
      const durationMs = phase.duration_sec * 1000;
      const name = labelOf(phase.name, phases);
      this.#phase = name;
      phases.push({ name, startMs: this.#atMs, endMs: this.#atMs + durationMs });
      this.#order({ type: 'start_phase', phase: name, durationMs });
      for (const [position, action] of phase.actions.entries()) {
        this.#place = where(['phases', index, 'actions', position]);
        this.#action(action);
      }
      this.#atMs += durationMs;
      this.#order({ type: 'end_phase', phase: name });
    }
    const blastRadius = stricter(this.#input.blastRadius, scenario.blast_radius ?? {});
    this.#checkBlastRadius(blastRadius);
    if (this.#lastLoad === null)
      this.#warnings.push('no phase starts load: there will be nothing to analyse');
    if (this.#mistakes.length > 0) throw this.#refusal();
    return {
      phases,
      steps: withUndoTimes(this.#steps, this.#atMs),
      endMs: this.#atMs,
      nodes: [...this.#touched],
      disturbs: this.#faultCount > 0,
      blastRadius,
      stopWhen: scenario.stop_when.map(parseStopCondition).filter((parsed) => typeof parsed !== 'string'),
      warnings: this.#warnings,
    };
  }

  #checkBlastRadius(limits: BlastRadius): void {
    for (const { place, node, kind, down } of this.#downs) {
      this.#place = place;
      const problem = beyond(limits, node, [...this.#touched], down);
      if (problem !== null) this.#mistake(`cannot ${kind} ${node.name}: ${problem}`);
    }
  }

  #action(action: Action): void {
    switch (action.type) {
      case 'start_load':
        return this.#setLoad(action.rps, action.target);
      case 'continue_load':
        return this.#continueLoad(action.rps, action.target);
      case 'stop_load':
        return this.#stopLoad(action.target);
      case 'kill_node':
        return this.#forEach(action.target, (node) => this.#inject('kill', node));
      case 'stop_node':
        return this.#forEach(action.target, (node) => this.#inject('stop', node, action.grace_sec * 1000));
      case 'pause_node':
        return this.#forEach(action.target, (node) => this.#inject('pause', node));
      case 'unpause_node':
        return this.#forEach(action.target, (node) => this.#unpause(node));
      case 'restart_node':
        return this.#forEach(action.target, (node) => this.#restart(node));
    }
  }

  #setLoad(rps: number, target: string): void {
    const nodes = this.#nodes(target);
    const stranger = nodes.find(({ kind }) => kind !== this.#input.mode);
    if (stranger !== undefined) {
      this.#mistake(
        `${stranger.name} is a ${stranger.kind} node, but this run loads ${this.#input.mode} nodes (--mode ${stranger.kind})`,
      );
    }
    if (nodes.length === 0) return;
    this.#load = { rps, nodes };
    this.#lastLoad = this.#load;
    this.#order({ type: 'set_load', rps, nodes });
  }

  #continueLoad(rps: number | undefined, target: string | undefined): void {
    const before = this.#lastLoad;
    if (rps === undefined && before === null)
      return this.#mistake('continue_load has no `rps`, and no earlier action gave one');
    if (target === undefined && before !== null) {
      this.#load = { rps: rps ?? before.rps, nodes: before.nodes };
      this.#lastLoad = this.#load;
      return this.#order({ type: 'set_load', ...this.#load });
    }
    this.#setLoad(rps ?? before?.rps ?? 0, target ?? 'all_nodes');
  }

  #stopLoad(target: string | undefined): void {
    if (this.#load === null) this.#warn('stop_load, but no load is running');
    if (target !== undefined && target !== 'all_nodes') {
      const left =
        this.#load?.nodes.filter(({ name }) => !this.#nodes(target).some((node) => node.name === name)) ?? [];
      // The others go on as before: each keeps its share of the rate.
      if (left.length > 0 && this.#load !== null) {
        this.#load = { rps: (this.#load.rps * left.length) / this.#load.nodes.length, nodes: left };
        return this.#order({ type: 'set_load', ...this.#load });
      }
    }
    this.#load = null;
    this.#order({ type: 'stop_load' });
  }

  #inject(kind: FaultKind, node: NodeSpec, graceMs = 0): string | undefined {
    const open = this.#open.get(node.name);
    if (!node.managed) {
      this.#mistake(
        `${node.name} has no service name in config.yaml, so no driver can reach it; give it one in ${node.kind}_services`,
      );
      return undefined;
    }
    if (open !== undefined) {
      this.#mistake(
        `cannot ${kind} ${node.name}: it is down since \`${open.phase}\` (${open.kind}); restart it first`,
      );
      return undefined;
    }
    this.#downs.push({ place: this.#place, node, kind, down: new Set(this.#open.keys()) });
    this.#faultCount += 1;
    const id = `f${this.#faultCount}`;
    this.#touched.add(node);
    this.#open.set(node.name, { id, kind, phase: this.#phase });
    this.#order({ type: 'inject', id, kind, node: node.name, graceMs, undoByMs: Number.POSITIVE_INFINITY });
    if (this.#load === null)
      this.#warn(`${kind} of ${node.name} while no load is running: nothing will be measured`);
    return id;
  }

  #undo(node: string): void {
    const open = this.#open.get(node);
    if (open === undefined) return;
    this.#open.delete(node);
    this.#order({ type: 'undo', id: open.id });
  }

  #unpause(node: NodeSpec): void {
    if (this.#open.get(node.name)?.kind !== 'pause')
      return this.#mistake(`cannot unpause ${node.name}: no earlier action paused it`);
    this.#undo(node.name);
  }

  /** Brings back what an earlier action took down; a node that runs (or only stood still) is restarted. */
  #restart(node: NodeSpec): void {
    const open = this.#open.get(node.name);
    this.#undo(node.name);
    if (open !== undefined && open.kind !== 'pause') return;
    if (this.#inject('restart', node, restartGraceMs) !== undefined) this.#undo(node.name);
  }

  #forEach(target: string, act: (node: NodeSpec) => unknown): void {
    for (const node of this.#nodes(target)) act(node);
  }

  #nodes(target: string): readonly NodeSpec[] {
    const { nodes, mode } = this.#input;
    const found = nodes.filter((node) =>
      target === 'all_nodes' ? node.kind === mode : node.name === target,
    );
    if (found.length === 0) {
      this.#mistake(
        target === 'all_nodes'
          ? `the config has no ${mode}_nodes`
          : `there is no node \`${target}\`${suggestion(target, ['all_nodes', ...nodes.map(({ name }) => name)])}`,
      );
    }
    for (const node of found) this.#touched.add(node);
    return found;
  }

  #order(order: Order): void {
    this.#steps.push({ atMs: this.#atMs, phase: this.#phase, order });
  }

  #mistake(message: string): void {
    this.#mistakes.push(`${this.#place}: ${message}`);
  }

  #warn(message: string): void {
    this.#warnings.push(`${this.#place}: ${message}`);
  }

  #refusal(): OrchError {
    const count = this.#mistakes.length === 1 ? '1 mistake' : `${this.#mistakes.length} mistakes`;
    return new OrchError(
      'plan-invalid',
      `scenario ${this.#input.scenario.name} cannot be carried out: ${count}`,
      {
        details: this.#mistakes,
      },
    );
  }
}
