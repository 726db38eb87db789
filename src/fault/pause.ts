import type { Fault } from './fault.ts';

/** Frozen: connections are accepted by the kernel, and nothing answers on them. */
export const pause: Fault = {
  kind: 'pause',
  participle: 'paused',
  undoneBy: 'unpausing it',
  inject: (driver, node) => driver.pause(node),
  isEffective: (before, now) => now.state === 'paused' && now.incarnation === before.incarnation,
  undo: (driver, node) => driver.unpause(node),
  standing({ incarnation }, now) {
    if (now.state === 'running') return 'not_in_force';
    return now.state === 'paused' && now.incarnation === incarnation ? 'in_force' : 'theirs';
  },
};
