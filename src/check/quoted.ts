import type { Json } from '../model/disturber.ts';

const limit = 80;

/** A value within evidence: on one line, and not longer than can be read at a glance. */
export function quoted(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}
