import type { Condition } from '../model/condition.ts';
import type { Verdict } from './observation.ts';

/** A condition that is not made of others. */
export type SimpleCondition = Extract<Condition, { kind: 'metric' | 'node' | 'look' }>;

/**
 * Whether a condition holds. Its parts are asked one after the other, in their order, and no more of them than needed.
 * Rejects only where `ask` does.
 */
export async function decide(
  condition: Condition,
  ask: (condition: SimpleCondition) => Promise<Verdict>,
): Promise<Verdict> {
  switch (condition.kind) {
    case 'metric':
    case 'node':
    case 'look':
      return ask(condition);
    case 'not': {
      const { holds, evidence } = await decide(condition.of, ask);
      return { holds: !holds, evidence };
    }
    case 'all':
    case 'any': {
      const deciding = condition.kind === 'any';
      const seen: string[] = [];
      for (const part of condition.of) {
        const verdict = await decide(part, ask);
        if (verdict.holds === deciding) return verdict;
        seen.push(verdict.evidence);
      }
      return { holds: !deciding, evidence: seen.join('; ') };
    }
  }
}
