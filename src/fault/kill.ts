import type { Fault } from './fault.ts';

/** SIGKILL: the node is gone at once, with whatever it had not written yet. */
export const kill: Fault = {
  kind: 'kill',
  participle: 'killed',
  undoneBy: 'starting it',
  inject: (driver, node) => driver.kill(node),
  isEffective: (before, now) => now.state === 'stopped' || now.incarnation !== before.incarnation,
  undo: (driver, node) => driver.start(node),
  isUndone: (now) => now.state === 'running',
};
