import type { BlastRadius } from '../model/blast-radius.ts';
import { deedText, type FaultKind, type FaultSpec } from '../model/fault-spec.ts';
import type { NodeSpec } from '../model/node.ts';
import { beyond } from './blast-radius.ts';
import type { Draft } from './draft.ts';
import type { LoadBook } from './load-book.ts';
import { OpenFaults } from './open-faults.ts';

/** The faults of a plan in the making: what begins or ends one becomes a step of the draft, or a mistake in it. */
export class PlannedFaults {
  readonly #draft: Draft;
  readonly #load: LoadBook;
  /** What is disturbed where a fault is injected, judged once all nodes of the run are known. */
  readonly #beside: { place: string; node: NodeSpec; kind: FaultKind; down: ReadonlySet<string> }[] = [];
  readonly #open = new OpenFaults();
  #count = 0;

  constructor(draft: Draft, load: LoadBook) {
    this.#draft = draft;
    this.#load = load;
  }

  get isUnused(): boolean {
    return this.#count === 0;
  }

  /**
   * Answers with the fault's id; undefined where that is a mistake.
   * @param durationSec After which it is to be undone, if any
   */
  inject(spec: FaultSpec, node: NodeSpec, durationSec?: number): string | undefined {
    const { kind } = spec;
    if (!node.managed) {
      this.#draft.mistake(
        `${node.name} has no service name in config.yaml, so no driver can reach it; give it one in ${node.kind}_services`,
      );
      return undefined;
    }
    const obstacle = this.#open.obstacle(kind, node.name);
    if (obstacle !== null) {
      this.#draft.mistake(`cannot ${deedText(kind, node.name)}: ${obstacle}`);
      return undefined;
    }
    this.#beside.push({ place: this.#draft.at.place, node, kind, down: this.#open.nodes });
    this.#count += 1;
    const id = `f${this.#count}`;
    const { atMs, place } = this.#draft.at;
    const endMs = durationSec === undefined ? null : atMs + durationSec * 1000;
    this.#open.add({ id, kind, node: node.name, phase: this.#draft.phase, place, endMs });
    this.#draft.order({
      type: 'inject',
      id,
      spec,
      node: node.name,
      means: null,
      passedOver: [],
      undoByMs: Number.POSITIVE_INFINITY,
    });
    if (this.#load.current.length === 0)
      this.#draft.warn(`${kind} of ${node.name} while no load is running: nothing will be measured`);
    return id;
  }

  /** Where another action has undone it since, there is nothing left to undo. */
  undo(id: string): void {
    if (this.#open.remove(id)) this.#draft.order({ type: 'undo', id });
  }

  end(kind: FaultKind, node: NodeSpec): void {
    const open = this.#open.of(kind, node.name);
    if (open !== undefined) return this.undo(open.id);
    const what = kind === 'pause' ? 'unpause' : `end ${kind} of`;
    this.#draft.mistake(
      `cannot ${what} ${node.name}: no earlier action ${kind === 'pause' ? 'paused it' : 'began it'}`,
    );
  }

  /** Brings back what an earlier action took down; a node that runs (or only stood still) is restarted. */
  restart(node: NodeSpec, graceSec: number): void {
    const down = this.#open.takingDown(node.name);
    if (down !== undefined) this.undo(down.id);
    if (down !== undefined && down.kind !== 'pause') return;
    const id = this.inject({ kind: 'restart', grace_sec: graceSec }, node);
    if (id !== undefined) this.undo(id);
  }

  /** @param nodes All that the run loads or disturbs. */
  checkBlastRadius(limits: BlastRadius, nodes: readonly NodeSpec[]): void {
    for (const { place, node, kind, down } of this.#beside) {
      const problem = beyond(limits, node, nodes, down);
      if (problem !== null) this.#draft.mistake(`cannot ${deedText(kind, node.name)}: ${problem}`, place);
    }
  }
}
