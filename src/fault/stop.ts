import { down } from './down.ts';
import type { Fault } from './fault.ts';

/** SIGTERM with a grace: the node may drain before it goes. */
export const stop: Fault = {
  ...down,
  kind: 'stop',
  participle: 'stopped',
  inject: (driver, node, { graceMs }) => driver.stop(node, graceMs),
};
