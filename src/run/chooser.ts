import type { NodeSpec } from '../model/node.ts';
import { criteriaOf, type Selector } from '../model/selector.ts';
import { select, type Candidates } from './select.ts';

/** Which nodes the target of an action means, where it does not name a single one. The orders that follow act on them. */
export interface ChooseOrder {
  readonly type: 'choose';
  /** The action's type: `kill_node`. */
  readonly action: string;
  /** None where the action is skipped. */
  readonly nodes: readonly NodeSpec[];
  /** Those that they were drawn from; the same where nothing was drawn. */
  readonly from: readonly NodeSpec[];
  readonly why: string;
  /** Whether the next node waits until the last is healthy again. */
  readonly rolling: boolean;
}

/** Finds the nodes of a scenario's targets, in the order of its actions, and gives each draw a place of its own. */
export class Chooser {
  readonly #candidates: Candidates;
  /** How many targets have drawn, by phase. */
  readonly #draws = new Map<string, number>();

  constructor(candidates: Candidates) {
    this.#candidates = candidates;
  }

  /**
   * The order that says which nodes an action means: none where it is to be skipped. Else a mistake, as a clause. A draw's
   * place is its phase and its number there: an edit of another phase, or of what draws nothing, leaves it as it was.
   */
  choose(target: Selector, action: string, phase: string): ChooseOrder | string {
    const criteria = criteriaOf(target);
    const drawsBefore = this.#draws.get(phase) ?? 0;
    if (criteria.random !== undefined || criteria.percent !== undefined)
      this.#draws.set(phase, drawsBefore + 1);
    const found = select(criteria, this.#candidates, `${phase}\n${drawsBefore + 1}`);
    if (!('problem' in found)) return { type: 'choose', action, ...found };
    if (!criteria.skips || found.isFirm) return found.problem;
    return { type: 'choose', action, nodes: [], from: [], why: found.problem, rolling: criteria.rolling };
  }
}
