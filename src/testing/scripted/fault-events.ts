import type { FaultEvent, FaultState } from '../../model/event.ts';
import type { FaultKind } from '../../model/fault-spec.ts';
import type { Disturbance, DisturbanceKind } from './disturbance.ts';

/** The fault that does to a node what a script did. */
const faultKind: Readonly<Record<DisturbanceKind, FaultKind>> = {
  refuse: 'kill',
  hang: 'pause',
  reset: 'reset',
  latency: 'latency',
  errors: 'http_status',
  ramp: 'latency',
};

/** A fault is requested a little before it takes effect, and its end is seen a little after it. */
const orderSec = 0.05;

/** What a run's log would say had the run itself done it: a fault of each node, seen exactly when it was. */
export function faultEvents(
  { kind, fromSec, toSec }: Disturbance,
  nodes: readonly string[],
  { phase, zeroWallSec }: { readonly phase: string; readonly zeroWallSec: number },
): FaultEvent[] {
  const states: readonly (readonly [FaultState, number])[] = [
    ['requested', fromSec - orderSec],
    ['effective', fromSec],
    ['undo_requested', toSec - orderSec],
    ['undone', toSec],
    ['verified', toSec + orderSec],
  ];
  const events = nodes.flatMap((node, index) =>
    states.map(
      ([state, sec]): FaultEvent => ({
        type: 'fault',
        id: `f${index + 1}`,
        kind: faultKind[kind],
        node,
        phase,
        state,
        run_ms: sec * 1000,
        wall_sec: zeroWallSec + sec,
      }),
    ),
  );
  return events.toSorted((a, b) => a.run_ms - b.run_ms);
}
