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
