import type { NodeKind, NodeSpec } from '../model/node.ts';
import type { Reply } from '../model/record.ts';

/** Where load goes. A target holds its connections; a failing node is a Reply, never a throw. */
export interface Target {
  readonly kind: NodeKind;

  /**
   * The operation that `pick` (0 ≤ pick < 1, drawn by the caller from the run's seed) selects from the mix of a workload.
   * @param workload A name of the config's `workloads`; null: the one that needs none.
   */
  operation(pick: number, workload: string | null): Operation;

  /**
   * Connects ahead where the protocol has lasting connections, so that the first requests find them. Resolves when each
   * node has been reached or has refused, after two seconds at most; never rejects. Not needed before `probe`.
   */
  open(nodes: readonly NodeSpec[]): Promise<void>;

  /**
   * Carries out one operation. The asker is told of its outcome once, within `timeoutMs` (plus scheduling) whatever the node
   * does: no answer by then is `unknown` with error `timeout`. Only of a failure it may be told before this returns. Never throws.
   * @param seq The request's number, to which belongs what is drawn for it.
   */
  invoke(node: NodeSpec, operation: Operation, timeoutMs: number, seq: number, asker: Asker): void;

  /**
   * Whether the node answers at all, on a connection of its own; any HTTP status counts, and any Redis reply. Never rejects.
   * @returns Null where it does; else why not, as the short code of an error
   */
  probe(node: NodeSpec, timeoutMs: number): Promise<string | null>;

  /** Closes all connections; requests still in flight end as failures. */
  close(): Promise<void>;
}

/** Who waits for an outcome. There is no promise of it: to make and to keep one costs as much as a row. */
export interface Asker {
  settle(reply: Reply): void;
}

/** One kind of request in a mix. `name` stands in the `op` column of metrics.csv. */
export interface Operation {
  readonly name: string;
  /** The target's own index of it. */
  readonly index: number;
}
