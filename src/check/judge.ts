import type { Expect } from '../model/check.ts';
import type { Matcher } from '../model/expect.ts';
import { type Anatomy, anatomyOf } from './anatomy.ts';
import { held, statusClass } from './match.ts';
import type { Observation, Verdict } from './observation.ts';
import { quoted } from './quoted.ts';

/** A part of an answer, and what it must be. */
interface Term {
  readonly name: string;
  readonly matcher: Matcher;
}

/**
 * Whether an answer is what was expected; undefined: what its kind of probe expects by default. No answer never is,
 * except where `false` was expected. A further probe that is to hold is no part of the answer.
 */
export function judge(observation: Observation, expect: Expect | undefined): Verdict {
  if (expect === false) {
    const { holds, evidence } = judge(observation, undefined);
    return { holds: !holds, evidence };
  }
  if (observation.kind === 'none') return { holds: false, evidence: observation.error };
  const anatomy = anatomyOf(observation);
  const { parts, content } = anatomy;
  const terms = termsOf(anatomy, expect);
  if (terms.length === 0) return { holds: true, evidence: `${content} ${quoted(parts[content] ?? null)}` };
  const verdicts = terms.map(({ name, matcher }) => held(name, parts[name], matcher));
  const failing = verdicts.filter(({ holds }) => !holds);
  const told = (failing.length > 0 ? failing : verdicts).map(({ evidence }) => evidence).join('; ');
  const isCut = 'isCut' in observation && observation.isCut;
  return { holds: failing.length === 0, evidence: isCut ? `${told} (of its first MB)` : told };
}

/** What is expected of each part; a code of which nothing is said must be a good one. */
function termsOf(anatomy: Anatomy, expect: Exclude<Expect, false> | undefined): readonly Term[] {
  const said = expect === undefined || expect === true ? [] : saidTerms(anatomy, expect);
  const { code } = anatomy;
  if (code === null || said.some(({ name }) => name === code.name)) return said;
  return [{ name: code.name, matcher: code.good }, ...said];
}

function saidTerms({ code, content }: Anatomy, expect: Exclude<Expect, boolean>): readonly Term[] {
  if (typeof expect !== 'object' || Array.isArray(expect)) {
    const isCode = code !== null && [expect].flat().every(isCodeOrClass);
    return [{ name: isCode ? code.name : content, matcher: expect }];
  }
  const { status, headers = {}, body, exit, stdout, stderr, reply, probe: _, ...whole } = expect;
  const isWhole = Object.values(whole).some((value) => value !== undefined);
  const said: (readonly [string, Matcher | undefined])[] = [
    ...Object.entries({ status, body, exit, stdout, stderr, reply }),
    ...Object.entries(headers).map(([name, matcher]) => [`header ${name.toLowerCase()}`, matcher] as const),
    [content, isWhole ? whole : undefined],
  ];
  return said.flatMap(([name, matcher]) => (matcher === undefined ? [] : [{ name, matcher }]));
}

/** A number, or such as `2xx`: what a status or an exit code may be. */
function isCodeOrClass(value: string | number): boolean {
  return typeof value === 'number' || statusClass.test(value);
}
