import { VirtualClock } from '../clock/virtual.ts';
import { LoadAgent } from '../load/agent.ts';
import type { Verdict } from '../check/observation.ts';
import type { Look } from '../model/check.ts';

import type { RunEvent } from '../model/event.ts';
import type { NodeSpec } from '../model/node.ts';
import type { RequestRecord } from '../model/record.ts';
import { type Scenario, scenarioSchema } from '../model/scenario.ts';
import { chooseMeans } from '../run/choose-means.ts';
import { Coordinator, type RunOutcome } from '../run/coordinator.ts';
import { FaultDesk } from '../run/fault-desk.ts';
import type { Objection } from '../run/fault-queue.ts';
import { Journal } from '../run/journal.ts';
import { makePlan } from '../run/make-plan.ts';
import type { Plan } from '../run/plan.ts';
import type { Progress } from '../run/observer.ts';
import { MemoryDriver } from './memory-driver.ts';
import { MemoryTarget } from './memory-target.ts';

const threeNodes: readonly NodeSpec[] = ['a', 'b', 'c'].map((name) => ({
  name,
  kind: 'http',
  url: `http://127.0.0.1/${name}`,
  managed: true,
}));

/** The phases of a scenario as plain data, validated as a file would be. */
export function scenario(phases: readonly unknown[], more: object = {}): Scenario {
  return scenarioSchema.parse({ name: 'in-memory', phases, ...more });
}

/** A whole run in memory, on a virtual clock: everything but the coordinator and what it drives is a double. */
export class MemoryRun {
  readonly clock = new VirtualClock();
  readonly driver = new MemoryDriver(this.clock, ['a', 'b', 'c']);
  readonly records: RequestRecord[] = [];
  readonly events: RunEvent[] = [];
  readonly progress: Progress[] = [];
  readonly stop = new AbortController();
  /** Called with each event before it is written; what it throws is a write that failed. */
  beforeWrite: (event: RunEvent) => void = () => {};
  /** Why a node may not be disturbed now. */
  objection: Objection = () => Promise.resolve(null);
  /** Whether a node answers, beside being up. */
  serves: (node: string) => boolean = () => true;
  /** What a look at the system comes to. */
  look: (look: Look, signal: AbortSignal) => Verdict | Promise<Verdict> = () => ({
    holds: true,
    evidence: 'all is well',
  });
  /** What becomes of the plan before it is worked through. */
  change: (plan: Plan) => Plan = (plan) => plan;
  answerMs = 10;
  /** How long a node that was started needs until it serves. */
  bootMs = 0;
  settings = { max_in_flight: 1000, timeout_sec: 5, spread: 'random' } as const as {
    max_in_flight: number;
    timeout_sec: number;
    spread: 'random' | 'round_robin';
  };

  /** The faults of one node as `kind state`, in order. */
  faultLine(node: string): string[] {
    return this.events.flatMap((event) =>
      event.type === 'fault' && event.node === node ? [`${event.kind} ${event.state}`] : [],
    );
  }

  async execute(what: Scenario, seed = 1): Promise<RunOutcome> {
    return this.clock.run(this.begin(what, seed));
  }

  /** Starts the run; time passes only as the test moves the clock. */
  async begin(what: Scenario, seed = 1): Promise<RunOutcome> {
    const { clock, driver } = this;
    const hands = { driver, disturbers: driver.disturbers };
    const planned = makePlan({
      scenario: what,
      mode: 'http',
      nodes: threeNodes,
      seed,
      blastRadius: {},
      where: (path) => path.join('.'),
    });
    const plan = this.change(await chooseMeans(planned, hands));
    const startMs = clock.now();
    const target = new MemoryTarget(clock, driver, this.answerMs);
    const sink = {
      append: async (event: RunEvent) => {
        this.beforeWrite(event);
        this.events.push(event);
      },
    };
    const journal = new Journal({ clock, startMs, sink, onEvent: () => {} });
    const serves = async (node: string) =>
      this.serves(node) &&
      driver.stateOf(node) === 'running' &&
      clock.now() - driver.startedMs(node) >= this.bootMs;
    const load = new LoadAgent({
      clock,
      startMs,
      untilMs: plan.endMs,
      targets: new Map([['http', target]]),
      seed,
      settings: this.settings,
      phases: plan.phases,
      record: (record) => this.records.push(record),
    });
    return new Coordinator({
      plan,
      clock,
      startMs,
      load,
      asking: { look: async (...asked) => this.look(...asked), serves },
      objection: (node, down) => this.objection(node, down),
      faults: new FaultDesk({ clock, hands, journal, serves, overtimeMs: 60_000, mark: 'test' }),
      journal,
      writes: null,
      observer: { progress: (progress) => this.progress.push(progress), event: () => {} },
      stop: this.stop.signal,
    }).run();
  }
}
