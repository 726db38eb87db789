import { compile, type JSONValue } from 'json-p3';
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
export function valuesAt(path: string, document: JSONValue): readonly JSONValue[] {
  return compile(path).query(document).values();
}
