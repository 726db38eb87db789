/** The bytes that mean something in a CSV. All that may end a field without quotes lie below `-`. */
export const newline = 0x0a;
export const carriageReturn = 0x0d;
export const quote = 0x22;
export const comma = 0x2c;

/** Whether a byte may end a text without quotes, or is one that such a text may not hold without a closer look. */
export function mayEnd(byte: number): boolean {
  return byte === comma || byte === newline || byte === carriageReturn || byte === quote || byte === 0;
}

/** Where a text without quotes ends that begins at `start`: there must be a byte that may end it. */
export function textEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at]! > comma || !mayEnd(bytes[at]!)) at += 1;
  return at;
}

/** Whether a text at `start` is the one of so many bytes at `other`, and ends in the same way; a length of −1 is no text’s. */
export function sameAt(view: DataView, start: number, other: number, length: number): boolean {
  if (length < 0) return false;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    if (view.getInt32(start + at, true) !== view.getInt32(other + at, true)) return false;
  }
  const rest = view.getInt32(start + at, true) ^ view.getInt32(other + at, true);
  return rest << ((3 - (length - at)) << 3) === 0;
}
