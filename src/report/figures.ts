/** Numbers for people, rounded and never made up: `–` stands for what is not known. */

const none = '–';

export function count(value: number | null): string {
  return value === null ? none : value.toLocaleString('en-US');
}

/** `45.1`, with a real minus. */
export function decimal(value: number | null): string {
  if (value === null) return none;
  const size = Math.abs(value);
  const digits = size >= 1000 ? 0 : size >= 10 ? 1 : 2;
  return sized(value, digits);
}

export function rps(value: number | null): string {
  return value === null ? none : `${decimal(value)}/s`;
}

export function ms(value: number | null): string {
  return value === null ? none : `${decimal(value)} ms`;
}

/** `12.34 s`; beyond ten minutes also in minutes. */
export function seconds(value: number | null): string {
  if (value === null) return none;
  const exact = `${sized(value, 2)} s`;
  return value < 600 ? exact : `${exact} (${sized(value / 60, 1)} min)`;
}

/** When in the run: seconds since the run's first request. */
export function moment(value: number | null): string {
  return value === null ? none : `${value.toFixed(2).replace(/^-/, '−')} s`;
}

/** 0.0123 → `1.23%`; as many digits as tell 99.95% from 100%. */
export function percent(share: number | null): string {
  if (share === null) return none;
  const value = share * 100;
  const size = Math.abs(value);
  const digits = size > 99 && size < 100 ? 3 : size >= 10 ? 1 : 2;
  return `${sized(value, digits)}%`;
}

/** `+12.3`, `−4`, `±0`. */
export function signed(value: number, show: (size: number) => string): string {
  const text = show(Math.abs(value));
  if (!/[1-9]/.test(text)) return `±${text}`;
  return `${value < 0 ? '−' : '+'}${text}`;
}

export function plural(number: number, noun: string, nouns = `${noun}s`): string {
  return `${count(number)} ${number === 1 ? noun : nouns}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

function sized(value: number, digits: number): string {
  // What is 8.275 but for the last of its bits is not to be rounded down here and up there.
  const size = Number(Math.abs(value).toPrecision(12));
  const text = size.toLocaleString('en-US', { maximumFractionDigits: digits });
  return value < 0 && text !== '0' ? `−${text}` : text;
}
