import type { Clock } from '../clock/clock.ts';
import { sleep } from '../clock/clock.ts';
import type { Driver, NodeState, Sighting } from '../control/driver.ts';
import type { Disturber } from '../model/disturber.ts';
import type { NodeSpec } from '../model/node.ts';

type Power = 'kill' | 'stop' | 'start' | 'pause' | 'unpause';

/** What a power does instead of working: for faults that cannot be caused for real. */
export type Trick = 'fails' | 'hangs' | 'does_nothing';

interface MemoryNode {
  state: NodeState;
  incarnation: number;
  startedMs: number;
}

/** A driver over nothing: nodes are entries of a map, powers take 50 ms of the clock. Every call is kept in `calls`. */
export class MemoryDriver implements Driver {
  readonly name = 'process';
  readonly engine = null;
  readonly disturbers: Disturber[] = [];
  readonly calls: string[] = [];
  readonly tricks = new Map<Power, Trick>();
  readonly #clock: Clock;
  readonly #nodes = new Map<string, MemoryNode>();

  constructor(clock: Clock, names: readonly string[]) {
    this.#clock = clock;
    for (const name of names) this.#nodes.set(name, { state: 'running', incarnation: 1, startedMs: 0 });
  }

  async open(nodes: readonly NodeSpec[]): Promise<readonly NodeSpec[]> {
    return nodes;
  }

  async observe(node: string): Promise<Sighting> {
    const { state, incarnation } = this.#node(node);
    return { state, incarnation: `${node}#${incarnation}`, evidence: `${node} is ${state}` };
  }

  stateOf(node: string): NodeState {
    return this.#node(node).state;
  }

  startedMs(node: string): number {
    return this.#node(node).startedMs;
  }

  kill(node: string): Promise<void> {
    return this.#power('kill', node, (one) => {
      one.state = 'stopped';
    });
  }

  stop(node: string): Promise<void> {
    return this.#power('stop', node, (one) => {
      one.state = 'stopped';
    });
  }

  start(node: string): Promise<void> {
    return this.#power('start', node, (one) => {
      one.state = 'running';
      one.incarnation += 1;
      one.startedMs = this.#clock.now();
    });
  }

  pause(node: string): Promise<void> {
    return this.#power('pause', node, (one) => {
      one.state = 'paused';
    });
  }

  unpause(node: string): Promise<void> {
    return this.#power('unpause', node, (one) => {
      one.state = 'running';
    });
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }

  async #power(power: Power, node: string, act: (one: MemoryNode) => void): Promise<void> {
    this.calls.push(`${power} ${node}`);
    const trick = this.tricks.get(power);
    if (trick === 'hangs') return new Promise(() => {});
    await sleep(this.#clock, 50);
    if (trick === 'fails') throw new Error(`${power} was refused`);
    if (trick !== 'does_nothing') act(this.#node(node));
  }

  #node(name: string): MemoryNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }
}
