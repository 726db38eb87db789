import type { Facts } from './facts.ts';

/** What a number measures; `unknown` where nothing says so. */
export type Dimension = 'share' | 'time' | 'rate' | 'count' | 'unknown';

/** A unit of a number. Shares are in per cent, rates per second. */
export interface Unit {
  readonly dimension: Dimension;
  /** Seconds in one unit of a time; 1 for everything else. */
  readonly unitSec: number;
}

export interface FactNumber extends Unit {
  readonly value: number;
}

/** What a text may contain: the facts' numbers, and their names that have digits in them. */
export interface Known {
  readonly numbers: readonly FactNumber[];
  readonly names: readonly string[];
}

const unitOfSuffix: Readonly<Record<string, Unit>> = {
  _ms: { dimension: 'time', unitSec: 0.001 },
  _sec: { dimension: 'time', unitSec: 1 },
  _pct: { dimension: 'share', unitSec: 1 },
  _points: { dimension: 'share', unitSec: 1 },
  _rps: { dimension: 'rate', unitSec: 1 },
};

/** Keys that hold sentences; every other text of the facts is a name. */
const sentenceKeys = new Set(['warnings', 'reason']);

/** Walks the facts. The unit of a number is that of the nearest key above it that has one; without one it is a count. */
export function knownIn(facts: Facts): Known {
  const numbers: FactNumber[] = [];
  const names: string[] = [];
  const walk = (value: unknown, unit: Unit, isSentence: boolean): void => {
    if (typeof value === 'number') {
      numbers.push({ value, ...unit });
    } else if (typeof value === 'string') {
      names.push(...(isSentence ? wordsOf(value) : [value]));
      if (isSentence) numbers.push(...numbersOf(value));
    } else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) {
        walk(inner, unitOf(key) ?? unit, isSentence || sentenceKeys.has(key));
      }
    }
  };
  walk(facts, { dimension: 'count', unitSec: 1 }, false);
  return { numbers, names: names.filter((name) => /\d/.test(name) && /\p{L}/u.test(name)) };
}

function unitOf(key: string): Unit | undefined {
  const suffix = Object.keys(unitOfSuffix).find((candidate) => key.endsWith(candidate));
  return suffix === undefined ? undefined : unitOfSuffix[suffix];
}

function wordsOf(sentence: string): string[] {
  return sentence.split(/[\s,;:()"'`]+/).map((word) => word.replace(/\.$/, ''));
}

/** What a sentence says of its numbers is not looked at: they found a number with any unit. */
function numbersOf(sentence: string): FactNumber[] {
  return [...sentence.matchAll(/\d+(?:,\d{3})*(?:\.\d+)?/g)].map(([digits]) => ({
    value: Number(digits.replaceAll(',', '')),
    dimension: 'unknown',
    unitSec: 1,
  }));
}
