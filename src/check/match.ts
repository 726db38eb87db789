import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../model/disturber.ts';
import { messageOf } from '../model/errors.ts';
import type { Matcher } from '../model/expect.ts';
import { valuesAt } from '../model/json-path.ts';
import type { Verdict } from './observation.ts';
import { quoted } from './quoted.ts';

type MatcherMapping = Exclude<Matcher, string | number | boolean | readonly unknown[]>;
type Allowed = string | number | boolean;
/** Of HTTP: `2xx` is any status from 200 to 299. */
export const statusClass = /^[1-5]xx$/;

/**
 * Whether a part of an answer is what it must be.
 * @param name What evidence calls it.
 * @param part Undefined: the answer has no such part.
 */
export function held(name: string, part: Json | undefined, matcher: Matcher): Verdict {
  if (part === undefined) return { holds: false, evidence: `${name} is missing` };
  const is = `${name} ${quoted(part)}`;
  if (typeof matcher !== 'object' || Array.isArray(matcher)) {
    const allowed = [matcher].flat();
    const holds = allowed.some((one) => isValue(part, one));
    return { holds, evidence: holds ? is : `${is}, not ${allowed.map(shown).join(' or ')}` };
  }
  const { regex, range, jsonpath } = matcher;
  if (regex !== undefined) {
    const holds = new RegExp(regex, 'u').test(textOf(part));
    return { holds, evidence: holds ? `${name} has /${regex}/` : `${is} has no /${regex}/` };
  }
  if (range !== undefined) {
    const [low, high] = range;
    const number = numberOf(part);
    const holds = number !== null && low <= number && number <= high;
    return { holds, evidence: holds ? is : `${is}, not from ${low} to ${high}` };
  }
  if (jsonpath === undefined) return { holds: true, evidence: is };
  try {
    return found(name, part, jsonpath, matcher);
  } catch (error) {
    // An answer may be nested deeper than anything can follow.
    return { holds: false, evidence: `${is} cannot be searched: ${messageOf(error)}` };
  }
}

/** Whether what a JSONPath leads to is what it must be: by default, anything. */
function found(name: string, part: Json, jsonpath: string, matcher: MatcherMapping): Verdict {
  const { equals, count, expect } = matcher;
  const document = parsed(part);
  if (document === undefined) return { holds: false, evidence: `${name} ${quoted(part)} is no JSON` };
  const values = valuesAt(jsonpath, document);
  const place = `${name} at ${jsonpath}`;
  const [first = null, ...others] = values;
  const is =
    values.length === 0 ? `${place}: nothing` : `${place} ${quoted(others.length === 0 ? first : values)}`;
  if (count !== undefined && values.length !== count)
    return { holds: false, evidence: `${place}: ${values.length} values, not ${count}` };
  if (equals !== undefined && !isDeepStrictEqual(values, [equals]) && !isDeepStrictEqual(values, equals))
    return { holds: false, evidence: `${is}, not ${quoted(equals)}` };
  const each = expect === undefined ? [] : values.map((value) => held(place, value, expect));
  const wrong = each.find(({ holds }) => !holds);
  const mayBeNothing = equals !== undefined || count === 0;
  return wrong ?? { holds: values.length > 0 || mayBeNothing, evidence: is };
}

/** A text read as JSON, and anything else as it is; undefined where the text is none. */
function parsed(part: Json): Json | undefined {
  if (typeof part !== 'string') return part;
  try {
    const document: Json = JSON.parse(part);
    return document;
  } catch {
    return undefined;
  }
}

function isValue(part: Json, allowed: Allowed): boolean {
  if (typeof allowed === 'number') return numberOf(part) === allowed;
  if (typeof part === 'number') return allowed === String(part) || allowed === `${Math.floor(part / 100)}xx`;
  if (typeof part !== 'string') return part === allowed;
  return typeof allowed === 'boolean' ? part.trim() === String(allowed) : chomped(part) === chomped(allowed);
}

/** Outputs end in a line break that nobody who writes an expectation thinks of. */
function chomped(text: string): string {
  return text.replace(/[\r\n]+$/, '');
}

function numberOf(part: Json): number | null {
  if (typeof part === 'number') return part;
  return typeof part === 'string' && part.trim() !== '' && Number.isFinite(Number(part))
    ? Number(part)
    : null;
}

function textOf(part: Json): string {
  if (part === null) return '';
  return typeof part === 'string' ? part : JSON.stringify(part);
}

function shown(allowed: Allowed): string {
  return statusClass.test(String(allowed)) ? String(allowed) : quoted(allowed);
}
