/** Numbers for people. Files carry them unrounded. */

/** With so many decimals; a minus is a real one, and what is shown as 0 has none. */
export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

export function rps(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

export function ms(value: number | null): string {
  if (value === null) return '–';
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}

/** 0.0123 → `1.23%` */
export function percent(ratio: number | null): string {
  if (ratio === null) return '–';
  const value = ratio * 100;
  return `${value === 0 ? '0' : value.toFixed(value < 10 ? 2 : 1)}%`;
}

export function seconds(value: number | null): string {
  return value === null ? '–' : `${String(Number(value.toFixed(2))).replace(/^-/, '−')} s`;
}
