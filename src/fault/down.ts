import type { Fault } from './fault.ts';

/** What faults that take a node down have in common: it is started again, unless it is another's doing that it is down. */
export const down: Pick<Fault, 'undoneBy' | 'extraMs' | 'look' | 'isEffective' | 'undo' | 'standing'> = {
  undoneBy: 'starting it',
  extraMs: () => 0,
  look: ({ driver }, { node }) => driver.observe(node),
  isEffective: (before, now) => now.state === 'stopped' || now.incarnation !== before.incarnation,
  undo: ({ driver }, { node }) => driver.start(node),
  standing({ incarnation, undoOrdered }, now) {
    if (now.state === 'running') return 'not_in_force';
    const isOurs = now.incarnation === incarnation || undoOrdered;
    return now.state === 'stopped' && isOurs ? 'in_force' : 'theirs';
  },
};
