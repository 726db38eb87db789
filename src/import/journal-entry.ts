import type { Json } from '../model/disturber.ts';

/** One line of the journal of Chaos Toolkit. Field names are its format's own. */

/** What was carried out, as Chaos Toolkit would declare it. Its providers are http, process and python: ours is a process, `orch`. */
export interface JournalActivity {
  readonly type: 'action' | 'probe';
  readonly name: string;
  readonly provider: { readonly type: 'process'; readonly path: 'orch'; readonly arguments: readonly Json[] };
}

export interface Entry {
  readonly activity: JournalActivity;
  /** What was seen, or went wrong, in words. */
  readonly output: string | null;
  readonly status: 'succeeded' | 'failed';
  /** UTC, as RFC 3339 has it; null where it is not known. */
  readonly start: string | null;
  readonly end: string | null;
  /** In seconds. */
  readonly duration: number | null;
}

/** An entry with its place among the others. */
export interface ActivityEntry {
  readonly entry: Entry;
  readonly isRollback: boolean;
  readonly startSec: number;
}

/** From when to when, in Unix seconds; null where it had no end. */
export interface Span {
  readonly startSec: number;
  readonly endSec: number | null;
}

export function activityOf(
  type: JournalActivity['type'],
  name: string,
  words: readonly Json[],
): JournalActivity {
  return { type, name, provider: { type: 'process', path: 'orch', arguments: words } };
}

export function entryOf(
  activity: JournalActivity,
  { startSec, endSec }: Span,
  succeeded: boolean,
  output: string | undefined,
): Entry {
  return {
    activity,
    output: output ?? null,
    status: succeeded ? 'succeeded' : 'failed',
    start: isoTime(startSec),
    end: endSec === null ? null : isoTime(endSec),
    duration: endSec === null ? null : inMs(endSec - startSec),
  };
}

/** Seconds to the millisecond. */
export function inMs(sec: number): number {
  return Math.round(sec * 1000) / 1000;
}

/** `2026-11-21T09:43:51.123+00:00`: readers in Python know no `Z`. */
export function isoTime(sec: number): string {
  return new Date(sec * 1000).toISOString().replace('Z', '+00:00');
}
