import type { NodeSpec } from '../model/node.ts';
import type { Reply } from '../model/record.ts';
import type { Operation, Target } from '../target/target.ts';

/** The outcome of one operation. */
export function asked(
  target: Target,
  node: NodeSpec,
  operation: Operation,
  timeoutMs = 5000,
  seq = 0,
): Promise<Reply> {
  return new Promise((settle) => target.invoke(node, operation, timeoutMs, seq, { settle }));
}
