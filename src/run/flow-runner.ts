import { type Clock, sleep } from '../clock/clock.ts';
import type { Condition } from '../model/condition.ts';
import type { ActivityFlow, Flow, GroupFlow, Lane, Waiting } from './flow.ts';
import type { Step } from './plan.ts';

export type WaitUntil = Extract<Waiting, { type: 'wait_until' }>;

export interface FlowRunnerOptions {
  readonly clock: Clock;
  /** All steps of the plan; those without a lane are none of ours. */
  readonly steps: readonly Step[];
  /** Resolves when the step has come to its end: the effect was seen, or the node serves again. */
  readonly carryOut: (step: Step, together: boolean) => Promise<void>;
  readonly decide: (condition: Condition, place: string, signal: AbortSignal) => Promise<boolean>;
  /** Resolves when the condition holds, or the time is up and that is no failure. */
  readonly waitUntil: (waiting: WaitUntil, signal: AbortSignal) => Promise<void>;
  readonly ask: (asking: ActivityFlow, signal: AbortSignal) => Promise<void>;
  /** Ends the run: what has not begun by then is left out. */
  readonly stop: AbortSignal;
  /** Told of the first step that could not be carried out. */
  readonly onError: (error: unknown) => void;
}

/** Works through flows beside the run's clock: each part when what it waits for is over. */
export class FlowRunner {
  readonly #options: FlowRunnerOptions;
  /** The steps of each lane, in their order. */
  readonly #lanes: ReadonlyMap<string | undefined, readonly Step[]>;
  readonly #running: Promise<void>[] = [];
  readonly #closing = new AbortController();
  readonly #end: AbortSignal;
  readonly #leftOut: string[] = [];

  constructor(options: FlowRunnerOptions) {
    this.#options = options;
    this.#lanes = Map.groupBy(options.steps, ({ lane }) => lane?.name);
    this.#end = AbortSignal.any([options.stop, this.#closing.signal]);
  }

  start(flow: Flow): void {
    this.#running.push(this.#run(flow).catch((error: unknown) => this.#options.onError(error)));
  }

  /** Resolves when all that was started is over. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Leaves out what has not begun, and resolves when what has begun is done: to the places of what was left out. */
  async close(): Promise<readonly string[]> {
    this.#closing.abort();
    await Promise.all(this.#running);
    return this.#leftOut;
  }

  async #run(flow: Flow): Promise<void> {
    const { clock, waitUntil } = this.#options;
    if (flow.type === 'wait') return sleep(clock, flow.durationMs, this.#end);
    if (flow.type === 'wait_until') return this.#end.aborted ? undefined : waitUntil(flow, this.#end);
    await sleep(clock, flow.afterMs, this.#end);
    return this.#begin(flow);
  }

  async #begin(flow: Lane | ActivityFlow | GroupFlow): Promise<void> {
    const { decide, ask } = this.#options;
    if (this.#end.aborted) {
      this.#leftOut.push(flow.place);
      return;
    }
    if (flow.condition !== null && !(await decide(flow.condition, flow.place, this.#end))) return;
    if (flow.type === 'lane') await this.#lane(flow);
    else if (flow.type === 'activity') await ask(flow, this.#end);
    else if (flow.type === 'parallel') await Promise.all(flow.parts.map((part) => this.#run(part)));
    else await this.#sequence(flow);
  }

  async #sequence({ parts, everyMs }: GroupFlow): Promise<void> {
    const { clock } = this.#options;
    const beginMs = clock.now();
    for (const [index, part] of parts.entries()) {
      if (everyMs !== null) await clock.sleepUntil(beginMs + index * everyMs, this.#end);
      await this.#run(part);
    }
  }

  async #lane({ name, durationMs, together }: Lane): Promise<void> {
    const { clock } = this.#options;
    await this.#part(name, 'begin', together);
    if (durationMs === null) return;
    // Counted from when its effect was seen: that may have taken a while.
    await sleep(clock, durationMs, this.#end);
    // What is in force as the run ends is undone with all the rest.
    if (!this.#end.aborted) await this.#part(name, 'end', together);
  }

  async #part(name: string, part: 'begin' | 'end', together: boolean): Promise<void> {
    for (const step of this.#lanes.get(name) ?? [])
      if (step.lane?.part === part) await this.#options.carryOut(step, together);
  }
}
