import type { NodeSpec } from '../model/node.ts';
import type { RoleAnswer } from '../target/redis-role.ts';

/** Which of its nodes a check writes to and reads. */
export interface Whereabouts {
  /** The node for the next write or read. */
  next(): NodeSpec;
  /** To be called when that node did not do it. Never rejects. */
  doubt(): Promise<void>;
}

/** Each in its turn. */
export function inTurn(nodes: readonly NodeSpec[]): Whereabouts {
  let turn = 0;
  return {
    next() {
      const node = nodes[turn % nodes.length]!;
      turn += 1;
      return node;
    },
    doubt: () => Promise.resolve(),
  };
}

/**
 * The primary of the moment: the one written to before for as long as it says that it is one, else the first that does. So
 * a node that was the primary once, and comes back as one beside it, is not taken for it.
 */
export function thePrimary(
  nodes: readonly NodeSpec[],
  roleOf: (node: NodeSpec) => Promise<RoleAnswer>,
): Whereabouts {
  let current = nodes[0]!;
  let looking: Promise<void> | null = null;
  const look = async () => {
    const answers = await Promise.all(nodes.map(async (node) => ({ node, answer: await roleOf(node) })));
    const masters = answers.flatMap(({ node, answer }) =>
      'role' in answer && answer.role === 'master' ? [node] : [],
    );
    if (!masters.includes(current)) current = masters[0] ?? current;
    looking = null;
  };
  return {
    next: () => current,
    doubt: () => (nodes.length === 1 ? Promise.resolve() : (looking ??= look())),
  };
}
