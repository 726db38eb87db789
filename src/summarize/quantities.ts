import type { Unit } from './units.ts';

/** A number as a text has it. */
export interface Quantity extends Unit {
  readonly written: string;
  /** Without its sign; null for what no fact can found, such as a multiple or an invented name. */
  readonly value: number | null;
  readonly decimals: number;
  /** 0 where none is written. */
  readonly sign: -1 | 0 | 1;
}

const numberWords = [
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const words = numberWords.join('|');

/** Units as they are written, the longer before those that they begin with. */
const writtenUnits: readonly (readonly [pattern: string, unit: Unit | 'unfounded'])[] = [
  ['×|x|times|-?fold', 'unfounded'],
  ['%|per\\s?cent|pct|pp|(?:percentage\\s)?points?', { dimension: 'share', unitSec: 1 }],
  ['ms|msec|milliseconds?', { dimension: 'time', unitSec: 0.001 }],
  ['s|secs?|seconds?', { dimension: 'time', unitSec: 1 }],
  ['min|minutes?', { dimension: 'time', unitSec: 60 }],
  ['h|hours?', { dimension: 'time', unitSec: 3600 }],
  [
    'rps|(?:req(?:uests?)?\\s?)?(?:\\/\\s?|(?:per|a|each|every)\\s)s(?:ec(?:ond)?)?',
    { dimension: 'rate', unitSec: 1 },
  ],
  ['requests?|errors?|failures?|timeouts?|writes?', { dimension: 'count', unitSec: 1 }],
  ['nodes?', { dimension: 'nodes', unitSec: 1 }],
  ['phases?', { dimension: 'phases', unitSec: 1 }],
  ['faults?', { dimension: 'faults', unitSec: 1 }],
  ['windows?', { dimension: 'windows', unitSec: 1 }],
  ['st|nd|rd|th', { dimension: 'unknown', unitSec: 1 }],
];
const noUnit: Unit = { dimension: 'unknown', unitSec: 1 };

const numberPattern = new RegExp(
  `(?<sign>(?<![\\p{L}\\d%)])[-+])?(?<number>\\d{1,3}(?:[,'’_]\\d{3})+(?:\\.\\d+)?|\\d*\\.?\\d+|\\b(?:${words})\\b)` +
    `(?:[\\s-]?(?:${writtenUnits.map(([pattern], index) => `(?<unit${index}>${pattern})`).join('|')})(?![\\p{L}\\d]))?(?<glued>[\\p{L}\\d_]+)?`,
  'giu',
);

/** Ways to say a quantity that no fact is compared with. */
const uncheckable = new RegExp(
  [
    '\\d+\\s?\\/\\s?\\d+',
    '\\b(?:half|halved|twice|thrice|(?:doubl|tripl|quadrupl)(?:e|ed|es|ing))\\b',
    '\\b(?:a|one|two|three)[\\s-](?:thirds?|quarters?|fourths?|fifths?)\\b',
    `\\b(?:${words})-?fold\\b`,
    '\\b(?:dozens?|hundreds?|thousands?|millions?)\\b',
    // A word with a digit in it that is not a name of the facts.
    '(?<![\\p{L}\\d_])\\p{L}[\\p{L}\\d_.-]*\\d[\\p{L}\\d_-]*',
    // Digits of other scripts, and signs such as ½.
    '[^\\P{N}0-9]',
  ].join('|'),
  'giu',
);

/** What stands with digits in it and is no number: percentiles, list numbering, and the two runs that are compared. */
const labels = /\bp(?:50|95|99)\b|\b(?:50|95|99)th\b|^[ \t]*(?:#+[ \t]+)?\d{1,2}[.)](?=\s)|\btwo runs\b/gimu;

const dates = /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?\b|\b\d{1,2}:\d{2}(?::\d{2})?\b/g;
const minutesAndSeconds = /\b(\d+)\s?m(?:in(?:utes?)?)?\s(?:and\s)?(\d+)\s?s(?:ec(?:onds?)?)?\b/gi;

/** The numbers of a text, in its order, without those in the names given. */
export function quantitiesIn(text: string, names: readonly string[]): Quantity[] {
  const found: { readonly at: number; readonly quantity: Quantity }[] = [];
  let rest = plain(text);
  /** Reads every match and blots it out, so that no later pattern sees it again. */
  const take = (
    pattern: RegExp,
    read: (match: RegExpExecArray) => Omit<Quantity, 'written'> | null,
  ): void => {
    for (const match of rest.matchAll(pattern)) {
      const quantity = read(match);
      if (quantity !== null)
        found.push({ at: match.index, quantity: { written: match[0].trim(), ...quantity } });
    }
    rest = rest.replace(pattern, (match) => '□'.repeat(match.length));
  };
  for (const name of names.toSorted((a, b) => b.length - a.length)) take(asWord(name), () => null);
  take(labels, () => null);
  take(dates, ([date]) => (names.some((name) => digits(name).includes(digits(date))) ? null : unfounded));
  take(minutesAndSeconds, ([, minutes, seconds]) => ({
    value: Number(minutes) * 60 + Number(seconds),
    decimals: 0,
    sign: 0,
    dimension: 'time',
    unitSec: 1,
  }));
  take(uncheckable, () => unfounded);
  take(numberPattern, ({ groups = {} }) => readNumber(groups));
  return found.toSorted((a, b) => a.at - b.at).map(({ quantity }) => quantity);
}

const unfounded = { value: null, decimals: 0, sign: 0, ...noUnit } as const;

function readNumber(groups: Readonly<Record<string, string | undefined>>): Omit<Quantity, 'written'> {
  const { sign, number = '', glued } = groups;
  const found = writtenUnits.find((_, index) => groups[`unit${index}`] !== undefined);
  const unit = found?.[1] ?? noUnit;
  if (glued !== undefined || unit === 'unfounded') return unfounded;
  const inWords = numberWords.indexOf(number.toLowerCase());
  const numeral = number.replaceAll(/[^\d.]/g, '');
  return {
    value: inWords === -1 ? Number(numeral) : inWords + 2,
    decimals: numeral.split('.')[1]?.length ?? 0,
    sign: sign === undefined ? 0 : sign === '-' ? -1 : 1,
    ...unit,
  };
}

/** Without Markdown's marks and with plain blanks, commas and minus signs; as long as before, so that positions stay. */
function plain(text: string): string {
  return text
    .replaceAll(/(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g, ',')
    .replaceAll(/[*`\u00a0\u2009\u202f]|(?<![\p{L}\d])_|_(?![\p{L}\d])/gu, ' ')
    .replaceAll('−', '-');
}

function asWord(name: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\d_-])${RegExp.escape(name)}(?![\\p{L}\\d_-])`, 'giu');
}

const digits = (text: string): string => text.replaceAll(/\D/g, '');
