const zero = 0x30;
const dot = 0x2e;
const minus = 0x2d;
/** Those that are exact as doubles. */
const powersOfTen = Array.from({ length: 23 }, (_, digits) => Number(`1e${digits}`));
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The decimal number that stands in `bytes` from `start` to `end`; NaN where there is none.
 * Most are read without making a string: where the digits as an integer and the power of ten are both exact as
 * doubles, their quotient is the correctly rounded value (Clinger 1990, "How to read floating point numbers accurately").
 */
export function parseDecimal(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === minus;
  const first = negative ? start + 1 : start;
  if (end - first >= powersOfTen.length) return parseSlowly(bytes, start, end);
  let mantissa = 0;
  let digits = 0;
  let whole = -1;
  for (let at = first; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte === dot && whole < 0) {
      whole = digits;
      continue;
    }
    const digit = byte - zero;
    if (digit < 0 || digit > 9) return parseSlowly(bytes, start, end);
    mantissa = mantissa * 10 + digit;
    digits += 1;
  }
  if (digits === 0 || mantissa > Number.MAX_SAFE_INTEGER) return parseSlowly(bytes, start, end);
  const value = whole < 0 ? mantissa : mantissa / powersOfTen[digits - whole]!;
  return negative ? -value : value;
}

function parseSlowly(bytes: Buffer, start: number, end: number): number {
  const text = bytes.toString('latin1', start, Math.min(end, start + 64)).trim();
  return decimal.test(text) ? Number(text) : Number.NaN;
}
