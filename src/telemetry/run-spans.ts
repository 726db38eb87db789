import { faults } from '../fault/box.ts';
import type { FaultEvent, FaultState, RunEvent } from '../model/event.ts';
import type { RunFacts } from './run-metrics.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A span that goes on. Times are Unix milliseconds. */
export interface OpenSpan {
  /** Something that happened in it at a moment. */
  happened(name: string, atMs: number, attributes: Attributes): void;
  describe(attributes: Attributes): void;
  fail(message: string): void;
  end(atMs: number): void;
}

/** Begins a span, within another one where that is given. */
export type BeginSpan = (
  name: string,
  options: { readonly parent: OpenSpan | null; readonly startMs: number; readonly attributes: Attributes },
) => OpenSpan;

const lastStates: ReadonlySet<FaultState> = new Set(['verified', 'superseded']);
const failures: ReadonlySet<FaultState> = new Set(['failed', 'ineffective', 'undo_failed']);

/**
 * A run as spans: one of the whole, and within it one of each phase and of each fault, from when it was asked for until its
 * node serves again. All of their times are by the run's monotonic clock, whatever becomes of the wall clock meanwhile.
 */
export class RunSpans {
  readonly #begin: BeginSpan;
  readonly #facts: RunFacts;
  readonly #faults = new Map<string, OpenSpan>();
  #run: OpenSpan | null = null;
  #phase: OpenSpan | null = null;
  #zeroMs = 0;

  constructor(begin: BeginSpan, facts: RunFacts) {
    this.#begin = begin;
    this.#facts = facts;
  }

  event(event: RunEvent): void {
    if (event.type === 'run_started') this.#zeroMs = event.wall_sec * 1000 - event.run_ms;
    const atMs = this.#zeroMs + event.run_ms;
    switch (event.type) {
      case 'run_started': {
        const { runId, scenario, mode, traces } = this.#facts;
        const attributes = {
          'orch.run_id': runId,
          'orch.scenario': scenario,
          'orch.mode': mode,
          'orch.driver': event.driver,
          ...(traces === null ? {} : { 'orch.request_traces': `${traces}…` }),
        };
        this.#run = this.#begin(`run ${scenario}`, { parent: null, startMs: atMs, attributes });
        break;
      }
      case 'phase_started': {
        const attributes = { 'orch.phase': event.phase };
        this.#phase = this.#begin(`phase ${event.phase}`, { parent: this.#run, startMs: atMs, attributes });
        break;
      }
      case 'phase_ended':
        this.#endPhase(atMs);
        break;
      case 'fault':
        this.#fault(event, atMs);
        break;
      case 'load_changed':
        this.#run?.happened('load changed', atMs, {
          'orch.load': event.demand ?? 'off',
          'orch.nodes': (event.to ?? event.nodes).join(', '),
        });
        break;
      case 'note':
        this.#run?.happened('note', atMs, { 'orch.level': event.level, 'orch.message': event.message });
        break;
      case 'run_ended':
        this.#end(event.status, event.reason, atMs);
        break;
      case 'nodes_chosen':
      case 'condition':
      case 'check':
      case 'activity':
    }
  }

  #fault({ id, kind, node, phase, state, spec, detail }: FaultEvent, atMs: number): void {
    if (state === 'requested') {
      const what =
        spec === undefined ? {} : { 'orch.fault.what': `${node} ${faults[kind].participle(spec)}` };
      const attributes = {
        'orch.fault.id': id,
        'orch.fault.kind': kind,
        'orch.node': node,
        'orch.phase': phase,
        ...what,
      };
      this.#faults.set(id, this.#begin(`fault ${kind}`, { parent: this.#run, startMs: atMs, attributes }));
      return;
    }
    const span = this.#faults.get(id);
    span?.happened(state, atMs, detail === undefined ? {} : { 'orch.detail': detail });
    if (failures.has(state)) span?.fail(`${state}: ${detail ?? ''}`);
    if (!lastStates.has(state)) return;
    span?.end(atMs);
    this.#faults.delete(id);
  }

  #endPhase(atMs: number): void {
    this.#phase?.end(atMs);
    this.#phase = null;
  }

  #end(status: string, reason: string | undefined, atMs: number): void {
    this.#endPhase(atMs);
    for (const span of this.#faults.values()) {
      span.fail('still in force as the run ended');
      span.end(atMs);
    }
    this.#faults.clear();
    this.#run?.describe({
      'orch.status': status,
      ...(reason === undefined ? {} : { 'orch.reason': reason }),
    });
    if (status === 'failed') this.#run?.fail(reason ?? status);
    this.#run?.end(atMs);
  }
}
