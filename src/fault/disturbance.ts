import type { Disturber } from '../model/disturber.ts';
import type { DisturbanceKind } from '../model/fault-spec.ts';
import type { Fault, Hands, SpecOf } from './fault.ts';

/**
 * A fault that leaves its node running and puts something beside it: rules, a proxy's toxic, a limit, a file. What was put
 * there is known again by what its means wrote down beforehand, so that it is ours wherever it is found, and nothing else is.
 */
export function disturbance<K extends DisturbanceKind>(
  kind: K,
  undoneBy: string,
  participle: (spec: SpecOf<K>) => string,
): Fault<SpecOf<K>> {
  return {
    kind,
    participle,
    undoneBy,
    extraMs: () => 0,
    inject: (hands, { node, spec, means, prepared }) => disturberOf(hands, means).apply(node, spec, prepared),
    undo: (hands, { node, spec, means, prepared }) => disturberOf(hands, means).remove(node, spec, prepared),
    async look(hands, { node, spec, means, prepared }) {
      // The node first: that it is gone is told from that, whatever its means makes of it.
      const sighting = await hands.driver.observe(node);
      const { state, evidence } = await disturberOf(hands, means).look(node, spec, prepared);
      return { ...sighting, trace: state, evidence };
    },
    isEffective: (before, now) => now.trace === 'present' && now.incarnation === before.incarnation,
    standing: (_before, { trace, state }) => {
      if (trace === 'present' || trace === 'partial') return 'in_force';
      // We left it running: where it does not, it is somebody else who has to see to it.
      return trace === 'foreign' || state !== 'running' ? 'theirs' : 'not_in_force';
    },
  };
}

/** The means of that name. */
export function disturberOf({ disturbers }: Hands, means: string | null): Disturber {
  const found = disturbers.find((one) => one.means === means);
  if (found === undefined) throw new Error(`there is no ${means ?? 'means'} here to disturb nodes by`);
  return found;
}
