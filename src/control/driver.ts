import type { Disturber } from '../model/disturber.ts';
import type { FaultParameters } from '../model/fault-spec.ts';
import type { Address, NodeSpec } from '../model/node.ts';

export type KillHow = FaultParameters<'kill'>['how'];

export type DriverName = 'docker' | 'process';

/** `starting` nodes do not exist: a node runs or it does not. Whether it serves is asked of the node itself. */
export type NodeState = 'running' | 'paused' | 'stopped';

/** What the engine or the kernel says of a node right now. */
export interface Sighting {
  readonly state: NodeState;
  /** Changes whenever the node is started anew: container id and its StartedAt, or a pid and its start time. */
  readonly incarnation: string;
  /** The evidence in words, for the journal: `container 1f2e… State.Status=exited ExitCode=137`. */
  readonly evidence: string;
}

/** What tells one Docker Engine from another. */
export interface EngineMark {
  /** As DOCKER_HOST would say it. */
  readonly address: string;
  /** The engine's own id. */
  readonly id: string;
}

/** The node is no more: its container was removed, or replaced by another under the same name. */
export class NodeGone extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NodeGone';
  }
}

/** Where a node is to reach another, which is at its address by then. */
export type WayTo = (from: NodeSpec, to: NodeSpec) => Promise<Address>;

/**
 * How nodes are reached. Each power acts on one node by its service name and resolves once the engine has accepted it;
 * whether it took effect is for `observe` to say. A power used in the wrong state rejects with an Error that says so.
 */
export interface Driver {
  readonly name: DriverName;
  /** The engine that the nodes are on, once opened; null where there is none. */
  readonly engine: EngineMark | null;
  /** The ways in which it can disturb a node that goes on running, the preferred ones first. */
  readonly disturbers: readonly Disturber[];

  /**
   * Makes the nodes reachable: finds their containers, or starts embedded ones.
   * Returns the same nodes, with the addresses that they really have. To be called once, first.
   * @param wayTo Asked by who starts nodes, for those that are told where another is; default: at its address
   */
  open(nodes: readonly NodeSpec[], wayTo?: WayTo): Promise<readonly NodeSpec[]>;

  /** Looks at the node out-of-band; rejects with NodeGone where there is nothing left to look at. */
  observe(node: string): Promise<Sighting>;

  /**
   * SIGKILL. `crash`: to the process itself, so that a restart policy acts as after a crash; `api`: by the engine's kill,
   * which a restart policy ignores; by default a crash where that can be, else `api`. Embedded nodes know no difference.
   */
  kill(node: string, how?: KillHow): Promise<void>;
  /** SIGTERM, then SIGKILL after the grace. Resolves when the node has gone. */
  stop(node: string, graceMs: number): Promise<void>;
  start(node: string): Promise<void>;
  pause(node: string): Promise<void>;
  unpause(node: string): Promise<void>;

  /** Lets go: closes connections; ends embedded nodes that this driver started. Safe to call twice. */
  close(): Promise<void>;
}
