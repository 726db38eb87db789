import { createHash } from 'node:crypto';

interface Named {
  readonly name: string;
}

/** How many nodes a percentage is. Rounded half up; at least one unless the share is 0. */
export function shareOf(count: number, percent: number): number {
  return percent === 0 ? 0 : Math.max(Math.round((count * percent) / 100), 1);
}

/**
 * Draws nodes, each set of them as likely as any other. What is drawn depends on the salt and the nodes' names alone: each
 * node's lot is a hash of these, and the lowest ones win (rendezvous hashing, Thaler and Ravishankar 1998). So a node more
 * or less changes a draw only where it takes part itself, and a larger draw by the same salt contains a smaller one.
 */
export function draw<N extends Named>(from: readonly N[], count: number, salt: string): readonly N[] {
  const lots = new Map(from.map((node) => [node, lotOf(`${salt}\n${node.name}`)]));
  const byLot = [...lots].sort(([, one], [, other]) => (one < other ? -1 : 1));
  const winners = new Set(byLot.slice(0, count).map(([node]) => node));
  return from.filter((node) => winners.has(node));
}

function lotOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
