import { type Clock, sleep } from '../../clock/clock.ts';
import { NodeGone, type NodeState, type Sighting } from '../../control/driver.ts';
import { type Power, wrongState } from '../../control/powers.ts';
import type { Hand, Timeline } from './timeline.ts';

export interface Temper {
  /** How long the node needs from its start until it serves. */
  readonly bootMs: number;
  /** How many of its starts end by themselves before it serves. */
  crashes: number;
}

interface WorldNode {
  state: NodeState;
  exists: boolean;
  incarnation: number;
  startedMs: number;
  /** Whether somebody else ever laid hands on it. */
  isTouched: boolean;
}

/** The nodes as they really are: what an engine shows of them, and who did what to them. */
export class World {
  readonly #clock: Clock;
  readonly #timeline: Timeline;
  readonly #tempers: ReadonlyMap<string, Temper>;
  readonly #nodes = new Map<string, WorldNode>();
  /** What was put beside nodes: it is gone as soon as the node is. */
  readonly #rules = new Map<string, { readonly node: string; readonly incarnation: number }>();
  #isHealed = false;

  constructor(clock: Clock, timeline: Timeline, tempers: ReadonlyMap<string, Temper>) {
    this.#clock = clock;
    this.#timeline = timeline;
    this.#tempers = tempers;
    for (const name of tempers.keys()) {
      this.#nodes.set(name, {
        state: 'running',
        exists: true,
        incarnation: 1,
        startedMs: Number.NEGATIVE_INFINITY,
        isTouched: false,
      });
    }
  }

  get names(): readonly string[] {
    return [...this.#nodes.keys()];
  }

  stateOf(name: string): NodeState {
    const { exists, state } = this.#node(name);
    return exists ? state : 'stopped';
  }

  isTouched(name: string): boolean {
    return this.#node(name).isTouched;
  }

  serves(name: string): boolean {
    const { bootMs = 0 } = this.#tempers.get(name) ?? {};
    return this.stateOf(name) === 'running' && this.#clock.now() - this.#node(name).startedMs >= bootMs;
  }

  /** @throws NodeGone */
  look(name: string): Sighting {
    const { exists, state, incarnation } = this.#node(name);
    if (!exists) throw new NodeGone(`${name} is gone`);
    return { state, incarnation: `${name}#${incarnation}`, evidence: `${name}#${incarnation} is ${state}` };
  }

  /** @throws Error where the node's state does not allow it; NodeGone */
  use(power: Power, name: string, hand: Hand): void {
    const wrong = wrongState(power, name, this.look(name));
    if (wrong !== undefined) throw wrong;
    const node = this.#node(name);
    if (power === 'start') this.#start(name, node);
    else node.state = power === 'pause' ? 'paused' : power === 'unpause' ? 'running' : 'stopped';
    this.#note(name, node, hand, power);
  }

  /** @throws Error where the node does not run */
  putRule(rule: string, name: string): void {
    const { state, exists, incarnation } = this.#node(name);
    if (!exists || state === 'stopped') throw new Error(`cannot put rules beside ${name}: it is not running`);
    this.#rules.set(rule, { node: name, incarnation });
    this.#timeline.say('world', `rule ${rule} beside ${name} by ours`);
  }

  takeRule(rule: string): void {
    this.#rules.delete(rule);
    this.#timeline.say('world', `rule ${rule} taken away`);
  }

  /** The rules that are there now. */
  get rules(): readonly string[] {
    return [...this.#rules].flatMap(([rule, { node, incarnation }]) => {
      const now = this.#node(node);
      return now.exists && now.state !== 'stopped' && now.incarnation === incarnation ? [rule] : [];
    });
  }

  remove(name: string): void {
    const node = this.#node(name);
    node.exists = false;
    this.#note(name, node, 'stranger', 'remove');
  }

  /** From here on nothing fails of itself. */
  heal(): void {
    this.#isHealed = true;
    for (const temper of this.#tempers.values()) temper.crashes = 0;
  }

  #start(name: string, node: WorldNode): void {
    const temper = this.#tempers.get(name);
    node.state = 'running';
    node.incarnation += 1;
    node.startedMs = this.#clock.now();
    if (temper === undefined || temper.crashes === 0) return;
    temper.crashes -= 1;
    void this.#crash(name, node, temper.bootMs / 2);
  }

  async #crash(name: string, node: WorldNode, afterMs: number): Promise<void> {
    const { incarnation } = node;
    await sleep(this.#clock, afterMs);
    // A start before that may have been bound to fail thereafter.
    if (this.#isHealed || !node.exists || node.incarnation !== incarnation || node.state !== 'running')
      return;
    node.state = 'stopped';
    this.#note(name, node, 'itself', 'crash');
  }

  #note(name: string, node: WorldNode, hand: Hand, what: string): void {
    node.isTouched ||= hand === 'stranger';
    const { exists, state, incarnation } = node;
    this.#timeline.say('world', `${what} ${name} by ${hand}: #${incarnation} ${exists ? state : 'removed'}`);
  }

  #node(name: string): WorldNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }
}
