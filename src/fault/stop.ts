import type { Fault } from './fault.ts';

/** SIGTERM with a grace: the node may drain before it goes. */
export const stop: Fault = {
  kind: 'stop',
  participle: 'stopped',
  undoneBy: 'starting it',
  inject: (driver, node, { graceMs }) => driver.stop(node, graceMs),
  isEffective: (before, now) => now.state === 'stopped' || now.incarnation !== before.incarnation,
  undo: (driver, node) => driver.start(node),
  isUndone: (now) => now.state === 'running',
};
