import type { ErrorExamples, RequestExample } from '../model/request-example.ts';
import type { ReportFacts } from './facts.ts';
import { count, moment, ms, plural } from './figures.ts';
import { html, type Markup } from './markup.ts';
import { note, type Section } from './section.ts';
import { type Column, table } from './table.ts';

/** So many errors have examples; the others are counted. */
const mostErrors = 8;

/** Single requests: the slowest, and some of each error. */
export function examplesSection({ examples: { slowest, errors, others } }: ReportFacts): Section {
  const more = errors.slice(mostErrors);
  const further = more.reduce((sum, { count: times }) => sum + times, others);
  return {
    id: 'examples',
    title: 'Slowest and failed requests',
    menu: 'Examples',
    body: [
      slowest.length > 0 && requests('The slowest requests', slowest),
      errors.length === 0 && html`<p>No request failed.</p>`,
      errors
        .slice(0, mostErrors)
        .map((error) => requests(`${errorName(error)}: ${firstOf(error)}`, error.first)),
      further > 0 && note(`${plural(further, 'request')} more came to other errors.`),
      note('Faults are those that were in force on any node while the request was under way.'),
    ],
  };
}

function firstOf({ count: times, first }: ErrorExamples): string {
  if (times === first.length) return plural(times, 'request');
  return `the first ${first.length} of ${count(times)} requests`;
}

/** What a row without a text for it says of what became of its request. */
function errorName({ error, outcome, status }: ErrorExamples): string {
  if (error !== '') return error;
  if (outcome === 'dropped') return 'not sent';
  return status === 0 ? 'failed' : `status ${status}`;
}

/** A column stands there where any of the requests has something to say in it. */
function requests(caption: string, rows: readonly RequestExample[]): Markup {
  const columns = [...always, ...optional.filter(({ has }) => rows.some(has))];
  return table(caption, columns, rows);
}

const always: readonly Column<RequestExample>[] = [
  { head: 'due at', cell: ({ due_sec }) => moment(due_sec), isNumber: true },
  { head: 'node', cell: ({ node }) => node },
  { head: 'latency', cell: ({ latency_ms }) => ms(latency_ms), isNumber: true },
];

interface Optional extends Column<RequestExample> {
  readonly has: (row: RequestExample) => boolean;
}

const optional: readonly Optional[] = [
  {
    head: 'service time',
    cell: ({ service_ms }) => ms(service_ms),
    isNumber: true,
    has: ({ service_ms }) => service_ms !== null,
  },
  {
    head: 'status',
    cell: ({ status }) => (status === 0 ? '–' : status),
    isNumber: true,
    has: ({ status }) => status !== 0,
  },
  { head: 'outcome', cell: ({ outcome }) => outcome, has: () => true },
  { head: 'error', cell: ({ error }) => error || '–', isProse: true, has: ({ error }) => error !== '' },
  { head: 'operation', cell: ({ op }) => op || '–', has: ({ op }) => op !== '' },
  { head: 'phase', cell: ({ phase }) => phase || '–', has: ({ phase }) => phase !== '' },
  {
    head: 'faults',
    cell: ({ faults }) => faults.join(', ') || '–',
    has: ({ faults }) => faults.length > 0,
  },
  {
    head: 'trace',
    cell: ({ trace_id }) => (trace_id === '' ? '–' : html`<code>${trace_id}</code>`),
    has: ({ trace_id }) => trace_id !== '',
  },
];
