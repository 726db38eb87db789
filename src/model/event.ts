import type { Activity } from './action.ts';
import type { Json } from './disturber.ts';
import type { FaultKind, FaultSpec } from './fault-spec.ts';

/** The lines of events.jsonl: what the run did, on both clocks. */

/**
 * The life of a fault. `effective`, `undone` and `verified` are only written once they were seen out-of-band: by asking
 * the engine or the kernel for the node's state, and (for `verified`) by an answer from the node itself. A fault is
 * `superseded` where somebody else has removed, replaced or disturbed its node meanwhile: there is nothing of ours left
 * to undo. `run/fault-life.ts` says which state may follow which.
 */
export type FaultState =
  | 'requested'
  | 'effective'
  | 'ineffective'
  | 'failed'
  | 'undo_requested'
  | 'undone'
  | 'verified'
  | 'undo_failed'
  | 'superseded';

/**
 * Everything that is needed to undo a fault, as plain data, so that another process can do it. It is on the disk before
 * the fault is injected. The node ran before: no other is disturbed.
 */
export interface UndoNote {
  readonly driver: string;
  /** The Docker Engine that the container is on; absent for other drivers. */
  readonly engine?: { readonly address: string; readonly id: string };
  /** The very incarnation that was disturbed: container id and its start time, or a pid and its. */
  readonly incarnation: string;
  /** How long after it was ordered the fault may still take effect, in milliseconds. */
  readonly settle_ms: number;
  /** How long the fault may be open, in milliseconds since it was requested: then the guardian ends what hangs, and undoes it. */
  readonly limit_ms: number;
  /** What undoing means, in words for people. */
  readonly how: string;
  /** By what the node is disturbed; absent where a power of the driver does it. */
  readonly means?: string;
  /** What that means has to know for undoing it; given with `means`. */
  readonly prepared?: Json;
}

/** Who cleans up after a run that could not do so itself. */
export type Rescuer = 'guardian' | 'recover';

interface Stamp {
  /** Milliseconds on the run's monotonic clock, 0 = the run's start. */
  readonly run_ms: number;
  /** Unix seconds with fraction. */
  readonly wall_sec: number;
}

export interface RunStarted extends Stamp {
  readonly type: 'run_started';
  readonly run_id: string;
  readonly driver: string;
  readonly driver_reason: string;
}
export interface PhaseStarted extends Stamp {
  readonly type: 'phase_started';
  readonly phase: string;
  readonly duration_sec: number;
}
export interface PhaseEnded extends Stamp {
  readonly type: 'phase_ended';
  readonly phase: string;
}
export interface LoadChanged extends Stamp {
  readonly type: 'load_changed';
  readonly phase: string;
  /** Of all open loads together from now on, at the highest where a rate changes by itself; 0 where none runs. */
  readonly rps: number;
  /** The users of all closed loads together; absent where there are none. */
  readonly vus?: number;
  /** The nodes of all loads together. */
  readonly nodes: readonly string[];
  /** The load that was changed, where it has a name; absent in older runs. */
  readonly load?: string;
  /** What it is now, for people: `load 50 rps`; absent where it was stopped, and in older runs. */
  readonly demand?: string;
  /** The nodes that it goes to; absent where it goes to all that `nodes` has, or was stopped. */
  readonly to?: readonly string[];
}
/** Which nodes the target of an action meant, where it did not name a single one. */
export interface NodesChosen extends Stamp {
  readonly type: 'nodes_chosen';
  readonly phase: string;
  /** The action's type: `kill_node`. */
  readonly action: string;
  /** None where the action was skipped. */
  readonly nodes: readonly string[];
  /** Those that they were drawn from; the same where nothing was drawn. */
  readonly from: readonly string[];
  readonly why: string;
}
export interface FaultEvent extends Stamp {
  readonly type: 'fault';
  /** Unique within the run: `f1`, `f2` … */
  readonly id: string;
  readonly kind: FaultKind;
  readonly node: string;
  readonly phase: string;
  readonly state: FaultState;
  /** The fault with its parameters; given with `requested`. */
  readonly spec?: FaultSpec;
  /** Given with `requested`. */
  readonly undo?: UndoNote;
  /** Who undid it where that was not the run itself. */
  readonly by?: Rescuer;
  /** What was seen or what went wrong. */
  readonly detail?: string;
}
/** What came of a condition in the scenario. */
export interface ConditionJudged extends Stamp {
  readonly type: 'condition';
  readonly of: 'if' | 'wait_until';
  /** `file:line:column` of the action. */
  readonly place: string;
  readonly holds: boolean;
  readonly evidence: string;
}
/** A look at the steady state. During a run one is written where what is seen changes. */
export interface Checked extends Stamp {
  readonly type: 'check';
  readonly name: string;
  readonly moment: 'before' | 'during' | 'after';
  readonly holds: boolean;
  readonly evidence: string;
  readonly took_ms: number;
}
/** An action that asks something of the system under test, or of this machine. */
export interface ActivityEvent extends Stamp {
  readonly type: 'activity';
  /** Unique within the run: `a1`, `a2` … */
  readonly id: string;
  readonly kind: Activity['type'];
  /** `POST http://127.0.0.1:8001/drain`, without secrets. */
  readonly what: string;
  readonly is_rollback: boolean;
  readonly state: 'started' | 'succeeded' | 'failed';
  readonly detail?: string;
}
export interface Note extends Stamp {
  readonly type: 'note';
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}
export interface RunEnded extends Stamp {
  readonly type: 'run_ended';
  readonly status: 'complete' | 'stopped' | 'interrupted' | 'failed';
  readonly reason?: string;
}

export type RunEvent =
  | RunStarted
  | PhaseStarted
  | PhaseEnded
  | LoadChanged
  | NodesChosen
  | FaultEvent
  | ConditionJudged
  | Checked
  | ActivityEvent
  | Note
  | RunEnded;

/** An event before the journal has put its times on. */
export type Unstamped<E extends RunEvent = RunEvent> = E extends RunEvent ? Omit<E, keyof Stamp> : never;
