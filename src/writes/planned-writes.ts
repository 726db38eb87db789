import type { NodeSpec } from '../model/node.ts';
import type { LostWrites } from '../model/write-check.ts';

/** A check of writes as a plan has it: with the nodes that it means, all of one kind. */
export interface PlannedWrites {
  readonly name: string;
  /** Where it writes, and reads when all is undone. */
  readonly nodes: readonly NodeSpec[];
  /** Who is asked for each write as soon as it is acknowledged; none: the node that took it. */
  readonly readFrom: readonly NodeSpec[];
  readonly asked: LostWrites;
}
