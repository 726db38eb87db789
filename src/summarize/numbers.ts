import type { Facts } from './facts.ts';
import { quantitiesIn } from './quantities.ts';
import type { Unit } from './units.ts';

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
  _seconds: { dimension: 'time', unitSec: 1 },
  _pct: { dimension: 'share', unitSec: 1 },
  _points: { dimension: 'share', unitSec: 1 },
  _rps: { dimension: 'rate', unitSec: 1 },
  node_count: { dimension: 'nodes', unitSec: 1 },
  phase_count: { dimension: 'phases', unitSec: 1 },
  fault_count: { dimension: 'faults', unitSec: 1 },
  window_count: { dimension: 'windows', unitSec: 1 },
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

/** The numbers of a sentence: each with the unit that it has there, if any, and each without one. */
function numbersOf(sentence: string): FactNumber[] {
  const withUnit = quantitiesIn(sentence, []).flatMap(({ value, sign, dimension, unitSec }) =>
    value === null || dimension === 'unknown'
      ? []
      : [{ value: sign < 0 ? -value : value, dimension, unitSec }],
  );
  const bare = [...sentence.matchAll(/\d+(?:,\d{3})*(?:\.\d+)?/g)].map(([digits]) => ({
    value: Number(digits.replaceAll(',', '')),
    dimension: 'unknown' as const,
    unitSec: 1,
  }));
  return [...withUnit, ...bare];
}
