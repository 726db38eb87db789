import type { VariableValue } from '../model/variables.ts';

/** A variable's value as one line for people. */
export function shownValue(value: VariableValue): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
