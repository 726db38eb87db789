import { type Look, lookOf } from '../model/check.ts';
import { judge } from './judge.ts';
import type { Observation, Verdict } from './observation.ts';
import { probe, type Surroundings } from './probe.ts';

/** What a look at the system came to, and what was seen. */
export interface Looked extends Verdict {
  readonly observation: Observation;
}

/** Asks, and judges the answer; where a further probe is expected to hold, that as well. Never rejects. */
export async function look(
  { probe: question, expect }: Look,
  surroundings: Surroundings,
  signal: AbortSignal,
  input = '',
): Promise<Looked> {
  const observation = await probe(question, surroundings, signal, input);
  const verdict = judge(observation, expect);
  const further = typeof expect === 'object' && !Array.isArray(expect) ? expect.probe : undefined;
  if (further === undefined || !verdict.holds) return { ...verdict, observation };
  const { holds, evidence } = await look(lookOf(further), surroundings, signal, textOf(observation));
  return { holds, evidence: `${verdict.evidence}; the further probe: ${evidence}`, observation };
}

/** What a further command is given of the answer: the body, the output, or the reply as JSON. */
function textOf(observation: Observation): string {
  switch (observation.kind) {
    case 'http':
      return observation.body;
    case 'command':
      return observation.stdout;
    case 'redis':
      return typeof observation.reply === 'string' ? observation.reply : JSON.stringify(observation.reply);
    case 'tcp':
    case 'none':
      return '';
  }
}
