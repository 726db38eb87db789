/** A single value of a YAML file as text; empty for what is none, and for lists and mappings. */
export function scalarText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
