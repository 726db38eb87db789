import {
  isLoadAction,
  type LoadAction,
  type RollingAction,
  type SimpleAction,
  specOf,
} from '../model/simple-action.ts';
import { type BlastRadius, stricter } from '../model/blast-radius.ts';
import { lookOfActivity } from '../model/action.ts';
import { nodesOfLook } from '../model/check.ts';
import { nodesNamed } from '../model/condition.ts';
import { namesLostBy, peersOf } from '../model/fault-spec.ts';
import type { NodeKind, NodeSpec } from '../model/node.ts';
import type { Scenario } from '../model/scenario.ts';
import { isPlain, type Selector } from '../model/selector.ts';
import { parseStopCondition } from '../model/stop-condition.ts';
import { Agenda, type Entry } from './agenda.ts';
import { askedBeside } from './asked-beside.ts';
import { Chooser, type ChooseOrder } from './chooser.ts';
import { Draft } from './draft.ts';
import { conditionsIn, type Flow } from './flow.ts';
import { gateMistakes } from './gate-mistakes.ts';
import { LoadBook } from './load-book.ts';
import { planWrites } from './plan-writes.ts';
import { type Plan, withUndoTimes } from './plan.ts';
import { PlannedFaults } from './planned-faults.ts';
import { PlannedLoads } from './planned-loads.ts';
import { type Candidates, noMatch, unknownHosts } from './select.ts';

export interface PlanInput extends Candidates {
  readonly scenario: Scenario;
  /** The config's; the scenario may have a stricter one. */
  readonly blastRadius: BlastRadius;
  /** The kind of node that each of the config's named workloads is for; default: there are none. */
  readonly workloads?: ReadonlyMap<string, NodeKind>;
  /** `file:line:column` of a part of the scenario. */
  readonly where: (path: readonly (string | number)[]) => string;
}

/**
 * Flattens a scenario into timed steps and refuses what cannot be carried out, all mistakes at once.
 * @throws OrchError `plan-invalid`
 */
export function makePlan(input: PlanInput): Plan {
  return new Planner(input).plan();
}

class Planner {
  readonly #input: PlanInput;
  readonly #agenda: Agenda;
  readonly #chooser: Chooser;
  readonly #draft = new Draft();
  readonly #load = new LoadBook();
  readonly #faults = new PlannedFaults(this.#draft, this.#load);
  readonly #touched = new Set<NodeSpec>();
  /** Whether what has a duration goes on until the run's end, or would beyond it. */
  #lastsToTheEnd = false;

  constructor(input: PlanInput) {
    this.#input = input;
    this.#chooser = new Chooser(input);
    const mistake = (place: string, message: string) => this.#draft.mistake(message, place);
    const choose = ({ type, target }: RollingAction, phase: string) =>
      this.#chooser.choose(target, type, phase);
    this.#agenda = new Agenda({ ...input, choose, mistake });
  }

  plan(): Plan {
    const { scenario } = this.#input;
    const { phases, endMs } = this.#agenda;
    for (let entry = this.#agenda.take(); entry !== undefined; entry = this.#agenda.take()) {
      this.#draft.turnTo(entry, phases);
      this.#see(entry);
    }
    for (const { names, place } of askedBeside(scenario, this.#input.where)) this.#mustKnow(names, place);
    for (const { index, message } of gateMistakes(scenario, phases, this.#input.nodes))
      this.#draft.mistake(message, this.#input.where(['gates', index]));
    const writes = planWrites(scenario, {
      where: this.#input.where,
      mistake: (message, place) => this.#draft.mistake(message, place),
      nodesOf: (names, place) => {
        this.#mustKnow(names, place);
        return this.#input.nodes.filter(({ name }) => names.includes(name));
      },
    });
    const blastRadius = stricter(this.#input.blastRadius, scenario.blast_radius ?? {});
    this.#faults.checkBlastRadius(blastRadius, [...this.#touched]);
    if (this.#load.isUnused)
      this.#draft.warnings.push('no phase starts load: there will be nothing to analyse');
    this.#draft.check(scenario.name);
    return {
      phases,
      steps: withUndoTimes(this.#draft.steps, endMs),
      endMs,
      endsWhenDone: scenario.phases.at(-1)?.until === 'done' && !this.#lastsToTheEnd,
      nodes: [...this.#touched],
      disturbs: !this.#faults.isUnused,
      blastRadius,
      stopWhen: scenario.stop_when.map(parseStopCondition).filter((parsed) => typeof parsed !== 'string'),
      steadyState: scenario.steady_state,
      writes,
      rollbacks: scenario.rollbacks,
      warnings: this.#draft.warnings,
    };
  }

  #see({ what }: Entry): void {
    switch (what.type) {
      case 'start_phase':
        return this.#draft.order(
          { type: 'start_phase', phase: what.phase.name, durationMs: what.phase.endMs - what.phase.startMs },
          what.phase.name,
        );
      case 'end_phase':
        return this.#draft.order({ type: 'end_phase', phase: what.phase.name }, what.phase.name);
      case 'expire':
        return what.undo();
      case 'act':
        if (this.#draft.at.lane !== undefined && this.#draft.at.atMs >= this.#agenda.endMs)
          return this.#draft.mistake(
            `it would begin at ${this.#draft.at.atMs / 1000} s, but the run is over by then`,
          );
        return this.#act(what.action);
      case 'choose':
        this.#accept(what.chosen, true);
        return;
      case 'ask':
        this.#mustKnow(nodesOfLook(lookOfActivity(what.activity)), this.#draft.at.place);
        return this.#draft.order(what);
      case 'wait':
      case 'group':
        return this.#draft.order(what);
      case 'start_flow':
        this.#askedOf(what.flow);
        return this.#draft.order({ type: 'start_flow', flow: what.flow });
    }
  }

  #askedOf(flow: Flow): void {
    for (const { condition, place } of conditionsIn(flow)) this.#mustKnow(nodesNamed(condition), place);
  }

  /** The nodes that are asked something, or cut off from, are nodes of the run. */
  #mustKnow(names: readonly string[], place: string): void {
    for (const name of names) {
      const node = this.#input.nodes.find((one) => one.name === name);
      if (node === undefined) this.#draft.mistake(noMatch(name, this.#input), place);
      else this.#touch(node);
    }
  }

  #act(action: SimpleAction): void {
    if (isLoadAction(action)) return this.#changeLoad(action);
    for (const node of this.#nodes(action, action.target)) this.#disturb(action, node);
  }

  #disturb(action: Exclude<SimpleAction, LoadAction>, node: NodeSpec): void {
    const faults = this.#faults;
    if (action.type === 'unpause_node') return faults.end('pause', node);
    if (action.type === 'end_fault') return faults.end(action.fault, node);
    if (action.type === 'restart_node') return faults.restart(node, action.grace_sec);
    const spec = specOf(action);
    if (spec !== null) this.#mustKnow(peersOf(spec), this.#draft.at.place);
    for (const mistake of spec === null ? [] : unknownHosts(namesLostBy(spec), this.#input))
      this.#draft.mistake(mistake);
    const id = spec === null ? undefined : faults.inject(spec, node, action.duration_sec);
    if (id !== undefined) this.#expireAfter(action.duration_sec, () => faults.undo(id));
  }

  #changeLoad(action: LoadAction): void {
    const before = this.#load.current;
    const changes = new PlannedLoads({
      draft: this.#draft,
      book: this.#load,
      nodesOf: (target) => this.#nodes(action, target),
      workloads: this.#input.workloads,
      endOfPhaseMs: this.#agenda.endOf(this.#draft.phase),
    });
    changes.make(action);
    const made = this.#load.current;
    this.#expireAfter(action.duration_sec, () => {
      for (const order of this.#load.restore(before, made)) this.#draft.order(order);
    });
  }

  #expireAfter(durationSec: number | undefined, undo: () => void): void {
    if (durationSec === undefined) return;
    const { atMs, place, lane } = this.#draft.at;
    const endMs = atMs + durationSec * 1000;
    const entry: Entry = { atMs: endMs, place, what: { type: 'expire', undo } };
    if (endMs < this.#agenda.endMs) return this.#agenda.add(lane === undefined ? entry : { ...entry, lane });
    this.#lastsToTheEnd ||= lane === undefined;
    if (endMs > this.#agenda.endMs)
      this.#draft.warn(`it would last ${durationSec} s, but the run ends before that`);
  }

  /** The nodes that a target means; none where that is a mistake, or its action is to be skipped. */
  #nodes({ type }: SimpleAction, target: Selector): readonly NodeSpec[] {
    const chosen = this.#chooser.choose(target, type, this.#draft.phase);
    return this.#accept(chosen, !isPlain(target));
  }

  #accept(chosen: ChooseOrder | string, isTold: boolean): readonly NodeSpec[] {
    if (typeof chosen === 'string') {
      this.#draft.mistake(chosen);
      return [];
    }
    if (chosen.nodes.length === 0) this.#draft.warn(`${chosen.action} is skipped: ${chosen.why}`);
    if (isTold) this.#draft.order(chosen);
    for (const node of chosen.nodes) this.#touch(node);
    return chosen.nodes;
  }

  /** A node of the run; one that replicates another needs that as well. */
  #touch(node: NodeSpec): void {
    this.#touched.add(node);
    const primary = this.#input.nodes.find(({ name }) => name === node.replicaOf);
    if (primary !== undefined) this.#touched.add(primary);
  }
}
