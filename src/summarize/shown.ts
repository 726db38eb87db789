import type { Facts } from './facts.ts';

/** A change of less is none: two means that differ by their last bits only. */
const leastChangePct = 0.005;

/** The facts as they are shown to a model and to people: each number with as many digits as say something. */
export function shownFacts(facts: Facts): Facts {
  return rounded(facts);
}

function rounded<T>(value: T, key?: string): T;
function rounded(value: unknown, key?: string): unknown {
  if (typeof value === 'number')
    return key === 'change_pct' && Math.abs(value) < leastChangePct ? 0 : roundedNumber(value);
  if (Array.isArray(value)) return value.map((inner: unknown) => rounded(inner));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner, key)]));
}

/** One decimal; none from a thousand up; below one two significant digits, so that a small error rate does not become none. */
function roundedNumber(value: number): number {
  const size = Math.abs(value);
  if (size < 1) return Number(value.toPrecision(2));
  return size < 1000 ? Math.round(value * 10) / 10 : Math.round(value);
}
