import { down } from './down.ts';
import type { Fault, SpecOf } from './fault.ts';

/** SIGKILL: the node is gone at once, with whatever it had not written yet. */
export const kill: Fault<SpecOf<'kill'>> = {
  ...down,
  kind: 'kill',
  participle: () => 'killed',
  inject: ({ driver }, { node, spec }) => driver.kill(node, spec.how),
};
