import type { Correctness, WriteExample, WritesFound } from '../model/correctness.ts';
import type { ReportFacts } from './facts.ts';
import { count, moment } from './figures.ts';
import { type Content, html } from './markup.ts';
import { note, type Section } from './section.ts';
import { type Column, table } from './table.ts';

/** What came of the writes that were checked, or why that is not known. */
export function writesSection({ run }: ReportFacts): Section | null {
  const { correctness, correctness_reason: unread } = run;
  if (correctness === null && unread === null) return null;
  const body =
    correctness === null
      ? html`<p>Whether acknowledged writes were lost is not known: ${unread}.</p>`
      : found(correctness);
  return { id: 'writes', title: 'Lost writes', menu: 'Writes', body };
}

function found(correctness: Correctness): Content {
  const examples = correctness.checks.flatMap(examplesOf);
  return [
    html`<p>${summary(correctness)}</p>`,
    table('Writes, read back when all was undone', columns, correctness.checks, ({ lost }) =>
      lost > 0 ? 'failed' : '',
    ),
    examples.length > 0 && table('Examples', exampleColumns, examples),
    note('Indeterminate writes had no answer, or one that says neither: they may be there or not.'),
  ];
}

function summary({ lost_writes: lost }: Correctness): string {
  if (lost === null) return 'Whether acknowledged writes were lost is not known.';
  if (lost === 0) return 'No acknowledged write was lost.';
  return lost === 1 ? 'One acknowledged write was lost.' : `${count(lost)} acknowledged writes were lost.`;
}

function numbers(head: string, of: (found: WritesFound) => number | null): Column<WritesFound> {
  return { head, cell: (found) => count(of(found)), isNumber: true };
}

const columns: readonly Column<WritesFound>[] = [
  { head: 'writes to', cell: ({ name }) => name },
  numbers('acknowledged', ({ acknowledged }) => acknowledged),
  numbers('lost', ({ lost }) => lost),
  numbers('duplicates', ({ duplicates }) => duplicates),
  numbers('stale reads', ({ stale_reads }) => stale_reads),
  numbers('indeterminate', ({ indeterminate }) => indeterminate),
  numbers('of these there', ({ indeterminate_there }) => indeterminate_there),
  numbers('refused', ({ refused }) => refused),
  numbers('skipped', ({ skipped }) => skipped),
  numbers('unread', ({ unread }) => unread),
  { head: 'read from', cell: ({ read_from }) => read_from ?? '–' },
];

type Example = WriteExample & { readonly kind: string };

function examplesOf({ examples }: WritesFound): readonly Example[] {
  const of = (kind: string, list: readonly WriteExample[]) => list.map((one) => ({ ...one, kind }));
  return [
    ...of('lost', examples.lost),
    ...of('duplicate', examples.duplicates),
    ...of('stale read', examples.stale_reads),
  ];
}

const exampleColumns: readonly Column<Example>[] = [
  { head: 'token', cell: ({ token }) => html`<code>${token}</code>` },
  { head: 'what', cell: ({ kind }) => kind },
  { head: 'acknowledged by', cell: ({ node }) => node },
  { head: 'into the run', cell: ({ acknowledged_sec }) => moment(acknowledged_sec), isNumber: true },
  { head: 'what was seen', cell: ({ seen }) => seen, isProse: true },
];
