import { compile, type JSONValue } from 'json-p3';
import type { Json } from './disturber.ts';
import { messageOf } from './errors.ts';

/** JSONPath as RFC 9535 has it: `$.nodes[?@.role == 'master'].name`. */

/** What is wrong with a path, as a clause; null where it is well formed. */
export function jsonPathMistake(path: string): string | null {
  try {
    compile(path);
    return null;
  } catch (error) {
    return `must be a JSONPath such as $.items[0].name (${messageOf(error)})`;
  }
}

/**
 * All values that a path leads to, in the document's order.
 * @throws Error where the path is not well formed, or the document is nested too deep
 */
export function valuesAt(path: string, document: Json): readonly Json[] {
  // The library's type of JSON may be changed, and counts undefined in; it does neither to what it is given.
  /* oxlint-disable typescript/no-unsafe-type-assertion */
  const found = compile(path).query(document as JSONValue);
  return found.values() as readonly Json[];
  /* oxlint-enable typescript/no-unsafe-type-assertion */
}
