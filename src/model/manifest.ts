import type { Config } from './config.ts';
import type { Correctness } from './correctness.ts';
import type { Mode, NodeSpec } from './node.ts';
import type { Outcome } from './record.ts';
import type { VariableValue } from './variables.ts';

export type RunStatus = 'running' | 'complete' | 'stopped' | 'interrupted' | 'failed';

/** How far the generator lagged behind its own schedule (due → sent), in milliseconds. */
export interface ScheduleLag {
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** Absent in older runs. */
  readonly p99_9_ms?: number;
  readonly max_ms: number;
}

/** How late an event loop came to what it had to do, in milliseconds. */
export interface LoopDelay {
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
}

/** What the load generator knows of itself. */
export interface GeneratorFacts {
  /** Its threads; 0 where the load was made in the thread that kept the run's clock. */
  readonly workers: number;
  /** Of the thread that was latest; null where it is not known. */
  readonly event_loop_delay: LoopDelay | null;
  /** The most requests that were in flight, each thread's most added up: over HTTP/1.1, as many connections. */
  readonly in_flight_max: number;
  /** Requests that were not sent, for there were `max_in_flight` already. */
  readonly dropped: number;
  /** Requests that could not be sent for lack of something on the machine that sent them, by error; absent in older runs. */
  readonly exhausted?: Readonly<Record<string, number>>;
  /** In how many seconds half of the requests were sent more than 10 ms late, and a tenth of the median latency. */
  readonly behind_sec: number;
  /** True where the run shows what the generator can do, not what the nodes can: nothing may be concluded from it. */
  readonly bottleneck: boolean;
}

/** Proxies in a server that goes on when a run ends, however it does. */
export interface LeftProxies {
  /** The server’s `host:port`. */
  readonly at: string;
  readonly names: readonly string[];
}

/** A gate as it was written. */
export interface KeptGate {
  readonly gate: string;
  readonly name: string | null;
  /** Null where it stood in no file. */
  readonly place: string | null;
}

/** Where a run stands in a series, in which a baseline and a run with faults make a pair. */
export interface SeriesPlace {
  readonly id: string;
  /** From 1 on. */
  readonly pair: number;
  /** How many pairs were asked for. */
  readonly of: number;
  readonly side: 'baseline' | 'fault';
  /** Whether the scenario was worked through without its faults. */
  readonly faults_left_out: boolean;
}

/** manifest.json: what a run was, so that its directory alone is enough to analyse and repeat it. */
export interface Manifest {
  readonly format: 1;
  readonly run_id: string;
  readonly status: RunStatus;
  /** Why a run was stopped (by a condition of its scenario), interrupted or failed; null otherwise. */
  readonly reason: string | null;
  /** False where a fault had no effect, or could not be verified, or the generator was the bottleneck: nothing may be concluded. */
  readonly conclusive: boolean;
  readonly mode: Mode;
  readonly seed: number;
  readonly scenario: {
    readonly name: string;
    readonly path: string;
    readonly sha256: string;
    readonly text: string;
    /** What its variables stood for, `***` for a secret; absent in older runs. */
    readonly variables?: Readonly<Record<string, VariableValue>>;
    /** The fragments that it includes, as they were; absent in older runs. */
    readonly includes?: readonly { readonly path: string; readonly sha256: string; readonly text: string }[];
    /** What the run is to come to, and where that stands: `file:line:column`; absent in older runs. */
    readonly gates?: readonly KeptGate[];
  };
  /** Absent in a run by itself. */
  readonly series?: SeriesPlace;
  readonly config: Config;
  readonly driver: {
    readonly name: string;
    readonly reason: string;
    /** Where the Docker Engine is, as DOCKER_HOST would say it; absent for other drivers. */
    readonly engine?: string;
  };
  readonly nodes: readonly NodeSpec[];
  /** The names of its nodes' locks, which whoever cleans up after it takes first; absent in older runs. */
  readonly locks?: readonly string[];
  /** The proxies that the run makes in a Toxiproxy server, told before they are made; absent where it makes none. */
  readonly proxies?: LeftProxies;
  readonly versions: { readonly orch: string; readonly node: string };
  readonly host: {
    readonly name: string;
    readonly os: string;
    readonly cpus: number;
    readonly memory_mb: number;
  };
  /** Unix seconds at which the run's monotonic clock read 0. */
  readonly started_at_sec: number;
  readonly ended_at_sec: number | null;
  /** How far the wall clock moved against the monotonic one during the run, in milliseconds. */
  readonly clock_offset_ms: number;
  readonly counts: { readonly due: number } & Readonly<Record<Outcome, number>>;
  /** How many of these have no row in metrics.csv, as it could not be written; absent where all have one, and in older runs. */
  readonly lost_rows?: number;
  readonly schedule_lag: ScheduleLag | null;
  /** Absent in older runs, and while the run goes. */
  readonly generator?: GeneratorFacts;
  /** Faults that are still in force when the run has ended, for people. Empty in a good run. */
  readonly still_broken: readonly string[];
  /** The steady-state checks that did not hold when all was undone; absent in older runs. */
  readonly lost_steady_state?: readonly string[];
  /** Absent where the scenario checks no writes, and while the run goes. */
  readonly correctness?: Correctness;
  /** Why the writes of a run that was killed could not be read back when it was put in order, as a clause; absent otherwise. */
  readonly correctness_reason?: string;
}
