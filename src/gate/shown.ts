import type { GateUnit } from '../model/gate-metric.ts';

/** A value with its unit, for people: short, but with digits enough to tell 99.95% from 100%. */
export function shown(value: number, unit: GateUnit): string {
  switch (unit) {
    case 'share':
      return `${rounded(value * 100, 6)}%`;
    case 'percent':
      return `${rounded(value, 4)}%`;
    case 'count':
      return withMinus(value);
    case 'rps':
    case 'ms':
    case 's':
      return `${rounded(value, 4)} ${unit}`;
  }
}

/** Whole digits are never rounded away; a minus is a real one. */
function rounded(value: number, digits: number): string {
  const whole = Math.trunc(Math.abs(value)).toString().length;
  return withMinus(Number(value.toPrecision(Math.max(digits, whole))));
}

function withMinus(value: number): string {
  return String(value).replace(/^-/, '−');
}
