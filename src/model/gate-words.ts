import { comparisons, type Comparison } from './comparison.ts';
import { type GateMetric, type GateUnit, metricForms, metricText, unitOf } from './gate-metric.ts';
import { nearest } from './nearest.ts';
import { shownText } from './shown-text.ts';

/** The words of gates, and what is said of one that is none. */

const scopeWords = ['during', 'for'] as const;
export type ScopeWord = (typeof scopeWords)[number];

const misspelt: Readonly<Record<string, Comparison>> = {
  '=': '==',
  '=<': '<=',
  '=>': '>=',
  '≤': '<=',
  '≥': '>=',
};
/** The units that each kind of limit can be given in, with the power of ten that takes it to the metric's own. */
export const units: Readonly<Record<GateUnit, Readonly<Record<string, number>>>> = {
  share: { '': 0, '%': -2 },
  // Without its sign, 10 could as well mean ten times.
  percent: { '%': 0 },
  rps: { '': 0, rps: 0 },
  ms: { '': 0, ms: 0, s: 3 },
  s: { '': 0, s: 0, ms: -3 },
  count: { '': 0 },
};

export function noComparison(sign: string): string {
  const meant = misspelt[sign];
  const hint = meant === undefined ? `there are ${all(comparisons)}` : `did you mean \`${meant}\`?`;
  return `there is no comparison \`${sign}\`; ${hint}`;
}

/** The word that was probably meant to begin a scope. Units are too short to be taken for one. */
export function meantFor(said: string): ScopeWord | undefined {
  const near = said.length > 2 ? nearest(said, scopeWords) : undefined;
  return scopeWords.find((one) => one === near);
}

export function noMetric(shown: string, name = shown): string {
  const near = nearest(
    name,
    metricForms.map((form) => form.replace(/\(.*/, '')),
  );
  const meant = metricForms.find((form) => form === near || form.startsWith(`${near}(`));
  const hint = meant === undefined ? 'there' : `did you mean \`${meant}\`? There`;
  return `there is no metric \`${shownText(shown)}\`; ${hint} are ${all(metricForms)}`;
}

export function noUnit(metric: GateMetric, given: string): string {
  const known = Object.keys(units[unitOf(metric)]).filter((unit) => unit !== '');
  const name = metricText(metric);
  if (known.length === 0) return `${name} is a number without a unit, not in \`${shownText(given)}\``;
  const instead = given === '' ? ': `10%`' : `, not in \`${shownText(given)}\``;
  return `${name} is given in ${known.join(' or ')}${instead}`;
}

export function noScope(shown: string): string {
  const near = meantFor(shown);
  const hint = near === undefined ? '' : `; did you mean \`${near}\`?`;
  return `a gate ends here, or goes on with \`during PHASE\` or \`for NODE\`; \`${shownText(shown)}\` is neither${hint}`;
}

export function outOfScope(metric: GateMetric, said: ScopeWord): string {
  const name = metricText(metric);
  return said === 'for'
    ? `${name} is of all nodes together: \`for\` cannot be said of it`
    : `${name} is of the whole run: \`during\` cannot be said of it`;
}

export function isScopeWord(said: string): said is ScopeWord {
  return said === 'during' || said === 'for';
}

export function all(words: readonly string[]): string {
  return words.join(', ');
}
