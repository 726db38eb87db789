import type { NodeTally } from '../load/tally.ts';
import type { RunEvent } from '../model/event.ts';
import { outcomes } from '../model/record.ts';
import { FaultsInForce } from '../run/faults-in-force.ts';
import type { Progress, RunObserver } from '../run/observer.ts';
import { loadedNodes, type Plan } from '../run/plan.ts';
import type { HistogramPoint, Labels, Metric, NumberPoint } from './metric.ts';

/** What is the same for the whole of a run. */
export interface RunFacts {
  readonly runId: string;
  readonly scenario: string;
  readonly mode: string;
  /** The run's half of its requests' traces; null where they have none. */
  readonly traces: string | null;
  readonly plan: Plan;
}

/** From half a millisecond to ten seconds, about two and a half times as much each. */
const boundsSec = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

const noRequests = { ok: 0, fail: 0, unknown: 0, dropped: 0 };

/**
 * A run as metrics: everything since its start, as it was last told. What the plan names is there from the beginning, at
 * zero, so that its first increase is seen too.
 */
export class RunMetrics implements RunObserver {
  readonly #facts: RunFacts;
  readonly #inForce = new FaultsInForce();
  /** Of every fault that is planned or was seen, by their text. */
  readonly #faults = new Map<string, Labels>();
  #phase: string | null = null;
  #isOver = false;
  #progress: Progress | null = null;

  constructor(facts: RunFacts) {
    this.#facts = facts;
    for (const { order } of facts.plan.steps)
      if (order.type === 'inject') this.#know(order.spec.kind, order.node);
  }

  progress(progress: Progress): void {
    this.#progress = progress;
  }

  event(event: RunEvent): void {
    this.#inForce.see(event);
    if (event.type === 'phase_started') this.#phase = event.phase;
    if (event.type === 'phase_ended' || event.type === 'run_ended') this.#phase = null;
    if (event.type === 'run_ended') this.#isOver = true;
    if (event.type === 'fault') this.#know(event.kind, event.node);
  }

  /** Whether the run has ended: nothing changes any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get metrics(): readonly Metric[] {
    const { runId: run_id, scenario, mode, plan } = this.#facts;
    const { targetRps, live } = this.#progress ?? {};
    const active = new Set(this.#inForce.list.map(({ kind, node }) => faultKey(kind, node)));
    const nodes = this.#nodes();
    return [
      gauge('orch.run_info', 'What run this is; always 1.', '1', [
        { labels: { run_id, scenario, mode }, value: 1 },
      ]),
      counter(
        'orch.requests',
        'Requests whose outcome is known, or that were dropped.',
        '{request}',
        nodes.flatMap(([node, tally]) =>
          outcomes.map((outcome) => ({
            labels: { node, outcome },
            value: (tally?.counts ?? noRequests)[outcome],
          })),
        ),
      ),
      counter('orch.requests_due', 'Requests that were due by the schedule.', '{request}', [
        { labels: {}, value: live?.totalDue ?? 0 },
      ]),
      counter(
        'orch.errors',
        'Requests that did not succeed, by their error.',
        '{error}',
        [...(live?.total.errors ?? [])].map(([error, value]) => ({ labels: { error }, value })),
      ),
      {
        kind: 'histogram',
        name: 'orch.request_duration',
        help: 'From when a request was due to its outcome; dropped requests have none.',
        unit: 's',
        bounds: boundsSec,
        points: nodes.map(([node, tally]) => durations({ node }, tally)),
      },
      gauge('orch.in_flight', 'Requests sent whose outcome is not known yet.', '{request}', [
        { labels: {}, value: live?.inFlight ?? 0 },
      ]),
      gauge('orch.target_rps', 'The arrival rate that is meant, of all open loads together.', '{request}/s', [
        { labels: {}, value: targetRps ?? 0 },
      ]),
      gauge(
        'orch.phase',
        'Whether the phase is going on: 1 or 0.',
        '1',
        plan.phases.map(({ name: phase }) => ({ labels: { phase }, value: Number(phase === this.#phase) })),
      ),
      gauge(
        'orch.fault_active',
        'Whether the fault is in force on the node: 1 or 0.',
        '1',
        [...this.#faults].map(([key, labels]) => ({ labels, value: Number(active.has(key)) })),
      ),
    ];
  }

  /** Those that are loaded, and any other that a request went to. */
  #nodes(): readonly (readonly [name: string, tally: NodeTally | undefined])[] {
    const told = this.#progress?.live.total.nodes ?? new Map<string, NodeTally>();
    const names = new Set([...loadedNodes(this.#facts.plan).map(({ name }) => name), ...told.keys()]);
    return [...names].map((name) => [name, told.get(name)]);
  }

  #know(fault: string, node: string): void {
    this.#faults.set(faultKey(fault, node), { fault, node });
  }
}

function faultKey(kind: string, node: string): string {
  return `${kind} ${node}`;
}

function counter(name: string, help: string, unit: string, points: readonly NumberPoint[]): Metric {
  return { kind: 'counter', name, help, unit, points };
}

function gauge(name: string, help: string, unit: string, points: readonly NumberPoint[]): Metric {
  return { kind: 'gauge', name, help, unit, points };
}

function durations(labels: Labels, tally: NodeTally | undefined): HistogramPoint {
  if (tally === undefined) return { labels, upTo: boundsSec.map(() => 0), count: 0, sum: 0 };
  const { latency } = tally;
  return {
    labels,
    upTo: boundsSec.map((sec) => latency.countUpTo(sec * 1000)),
    count: latency.count,
    sum: latency.sumMs / 1000,
  };
}
