/** From 2^n to 2^(n+1) there are 128 bins of one width; below 256 each value has its own. */
const subBits = 7;
export const binCount = (32 - subBits + 1) << subBits;

/** The bin of a value, a whole number of 32 bits: its leading eight bits, and where they stand. */
export function binOf(value: number): number {
  const shift = 31 - subBits - Math.clz32(value | (1 << subBits));
  return (shift << subBits) + (value >>> shift);
}

/** The lowest value of a bin. */
export function lowestOf(bin: number): number {
  const bits = widthBitsOf(bin);
  return (bin - (bits << subBits)) * 2 ** bits;
}

/** A bin is 2 to this many values wide. */
export function widthBitsOf(bin: number): number {
  return Math.max((bin >>> subBits) - 1, 0);
}
