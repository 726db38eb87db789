import { down } from './down.ts';
import type { Fault, SpecOf } from './fault.ts';

/** SIGTERM with a grace: the node may drain before it goes. */
export const stop: Fault<SpecOf<'stop' | 'restart'>> = {
  ...down,
  kind: 'stop',
  participle: () => 'stopped',
  extraMs: ({ grace_sec }) => grace_sec * 1000,
  inject: ({ driver }, { node, spec }) => driver.stop(node, spec.grace_sec * 1000),
};
