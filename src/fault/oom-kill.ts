import { disturberOf } from './disturbance.ts';
import { down } from './down.ts';
import type { Fault, SpecOf } from './fault.ts';

/** The kernel ends the node for want of memory: its limit is taken from under it, and given back before it is started again. */
export const oomKill: Fault<SpecOf<'oom_kill'>> = {
  ...down,
  kind: 'oom_kill',
  participle: () => 'killed for want of memory',
  undoneBy: 'giving it its memory back, and starting it',
  inject: (hands, { node, spec, means, prepared }) => disturberOf(hands, means).apply(node, spec, prepared),
  async look(hands, { node, spec, means, prepared }) {
    const sighting = await hands.driver.observe(node);
    const { state, evidence } = await disturberOf(hands, means).look(node, spec, prepared);
    return { ...sighting, trace: state, evidence: `${sighting.evidence}; ${evidence}` };
  },
  async undo(hands, { node, spec, means, prepared }) {
    await disturberOf(hands, means).remove(node, spec, prepared);
    if ((await hands.driver.observe(node)).state === 'stopped') await hands.driver.start(node);
  },
  standing(before, now) {
    const standing = down.standing(before, now);
    const isLeft = now.trace === 'present' || now.trace === 'partial';
    return standing === 'not_in_force' && isLeft ? 'in_force' : standing;
  },
};
