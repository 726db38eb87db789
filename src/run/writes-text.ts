import type { Correctness, WritesFound } from '../model/correctness.ts';

/** What came of a check of writes, for log and journal. */
export function writesNote(found: WritesFound): {
  readonly level: 'info' | 'warn';
  readonly message: string;
} {
  const { name, acknowledged, indeterminate, refused, skipped, lost, duplicates, unread } = found;
  const stale = found.stale_reads;
  const isBad = lost > 0 || (duplicates ?? 0) > 0 || stale > 0 || unread > 0;
  const seen = [
    `${lost} lost`,
    ...(duplicates === null ? [] : [`${duplicates} there more than once`]),
    `${stale} stale reads`,
    ...(unread === 0 ? [] : [`${unread} that could not be read back`]),
  ];
  const written = [
    `${acknowledged} acknowledged`,
    `${indeterminate} indeterminate`,
    `${refused} refused`,
    ...(skipped === 0 ? [] : [`${skipped} not begun, as too many were under way`]),
  ];
  return {
    level: isBad ? 'warn' : 'info',
    message: `writes to ${name}: ${written.join(', ')}; ${seen.join(', ')}`,
  };
}

/** What cannot be known of them, each as a sentence. */
export function unreadIn(correctness: Correctness | null): readonly string[] {
  return (correctness?.checks ?? []).flatMap(({ name, unread }) =>
    unread === 0 ? [] : [`writes to ${name}: ${unread} could not be read back`],
  );
}
