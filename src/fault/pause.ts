import type { Fault, SpecOf } from './fault.ts';

/** Frozen: connections are accepted by the kernel, and nothing answers on them. */
export const pause: Fault<SpecOf<'pause'>> = {
  kind: 'pause',
  participle: () => 'paused',
  undoneBy: 'unpausing it',
  extraMs: () => 0,
  inject: ({ driver }, { node }) => driver.pause(node),
  look: ({ driver }, { node }) => driver.observe(node),
  isEffective: (before, now) => now.state === 'paused' && now.incarnation === before.incarnation,
  undo: ({ driver }, { node }) => driver.unpause(node),
  standing({ incarnation }, now) {
    if (now.state === 'running') return 'not_in_force';
    return now.state === 'paused' && now.incarnation === incarnation ? 'in_force' : 'theirs';
  },
};
