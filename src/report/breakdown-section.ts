import type { GroupSummary, RunTables } from '../model/analysis.ts';
import type { ReportFacts } from './facts.ts';
import { count, ms, percent, rps } from './figures.ts';
import { html, type Markup } from './markup.ts';
import type { Section } from './section.ts';
import { type Column, table } from './table.ts';

/** The run by node, by phase and by outcome. */
export function breakdownSection({ run: { run_tables: tables } }: ReportFacts): Section {
  return {
    id: 'breakdown',
    title: 'By node, phase and outcome',
    menu: 'Breakdown',
    body: [
      groups('Per node', 'node', tables.per_node),
      phases(tables),
      groups('Per outcome', 'outcome', tables.per_outcome),
    ],
  };
}

/** Rows of a file without phases belong to none. */
function phases({ per_phase: groupsOfPhases }: RunTables): Markup | null {
  const named = groupsOfPhases.filter(({ name }) => name !== '');
  return named.length === 0 ? null : groups('Per phase', 'phase', named);
}

function groups(caption: string, head: string, rows: readonly GroupSummary[]): Markup {
  return table(caption, [{ head, cell: ({ name }) => name }, ...columns], rows);
}

function numbers(head: string, cell: (group: GroupSummary) => string): Column<GroupSummary> {
  return { head, cell, isNumber: true };
}

const columns: readonly Column<GroupSummary>[] = [
  numbers('due', ({ due }) => count(due)),
  numbers('ok', ({ ok }) => count(ok)),
  numbers('failed', ({ fail }) => count(fail)),
  numbers('no answer', ({ unknown }) => count(unknown)),
  numbers('not sent', ({ dropped }) => count(dropped)),
  numbers('throughput', ({ throughput_rps }) => rps(throughput_rps)),
  { head: 'error rate', cell: ({ error_rate }) => shareBar(error_rate), isNumber: true },
  numbers('p50', ({ p50_latency_ms }) => ms(p50_latency_ms)),
  numbers('p95', ({ p95_latency_ms }) => ms(p95_latency_ms)),
  numbers('p99', ({ p99_latency_ms }) => ms(p99_latency_ms)),
  numbers('max', ({ max_latency_ms }) => ms(max_latency_ms)),
];

/** A share, and how much of the whole it is. */
function shareBar(share: number): Markup {
  return html`<span class="share" style="--share: ${share}">${percent(share)}</span>`;
}
