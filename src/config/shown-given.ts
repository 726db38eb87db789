import { shownText } from '../model/shown-text.ts';
import { withoutPassword } from './redact.ts';

/** A value that was given, as a message shows it: `` `10` ``, `a list`. */
export function show(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return `\`${shownText(withoutPassword(String(value)))}\``;
  return 'a mapping';
}

/** Where the kind of a value is what is wrong with it: a text that reads like a number is shown as the text it is. */
export function showKind(value: unknown): string {
  const readsOtherwise = typeof value === 'string' && /^([-+]?[\d.]+(e[-+]?\d+)?|true|false)$/i.test(value);
  return readsOtherwise ? `\`"${shownText(value)}"\`, a text` : show(value);
}
