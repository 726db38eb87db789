const [minus, point, zero] = [0x2d, 0x2e, 0x30] as const;
/** As many digits as a 32-bit integer has room for, whatever they are. */
const chunkDigits = 9;
const chunk = 1e9;

/** Writes what `fixedPoint` of csv-row.ts gives, for up to 2^53 units, and says where that ends: at most 18 bytes further on. */
export function writeFixed(bytes: Uint8Array, at: number, units: number, decimals: 3 | 6): number {
  const whole = Math.round(units);
  if (Number.isNaN(whole)) return at;
  let end = at;
  if (whole < 0) bytes[end++] = minus;
  const scale = decimals === 3 ? 1000 : 1_000_000;
  const digits = Math.abs(whole);
  const integer = Math.floor(digits / scale);
  end = writeWhole(bytes, end, integer);
  bytes[end++] = point;
  return writeDigits(bytes, end, digits - integer * scale, decimals);
}

/** Writes a whole number of up to 2^53, and says where it ends. */
export function writeWhole(bytes: Uint8Array, at: number, whole: number): number {
  if (whole < chunk) return writeDigits(bytes, at, whole, digitsOf(whole));
  const high = Math.floor(whole / chunk);
  return writeDigits(bytes, writeWhole(bytes, at, high), whole - high * chunk, chunkDigits);
}

/** Below `chunk`, with leading zeros. */
function writeDigits(bytes: Uint8Array, at: number, whole: number, digits: number): number {
  let left = whole | 0;
  for (let place = at + digits - 1; place >= at; place -= 1) {
    const tenth = (left / 10) | 0;
    bytes[place] = zero + left - tenth * 10;
    left = tenth;
  }
  return at + digits;
}

function digitsOf(whole: number): number {
  let digits = 1;
  for (let least = 10; least <= whole; least *= 10) digits += 1;
  return digits;
}
