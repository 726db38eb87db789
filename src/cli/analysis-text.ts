import type { Analysis, GroupSummary, Summary } from '../model/analysis.ts';
import { fixed, ms, percent, rps, seconds } from './numbers.ts';
import { costSentences, faultsText, fineWindowTable, recoveryTable } from './recovery-text.ts';
import type { Paint } from './style.ts';
import { table } from './table.ts';

/** An analysis as a readable page. */
export function analysisText(analysis: Analysis, paint: Paint): string {
  const { run_tables: tables } = analysis;
  const sections = [
    `${paint('bold', analysis.run_id)} against ${paint('bold', analysis.baseline_id)}`,
    comparison(analysis),
    verdict(analysis),
    section('faults', faultTable(analysis), paint),
    section('anomaly windows', windowTable(analysis), paint),
    section('windows, to the request', fineWindowTable(analysis), paint),
    section('recovery', recoveryTable(analysis), paint),
    section('cost', costSentences(analysis), paint),
    section('writes, read back when all was undone', writesTable(analysis), paint),
    writeExamples(analysis),
    section('per node', groupTable('node', tables.per_node), paint),
    section('per phase', groupTable('phase', tables.per_phase), paint),
    section('per outcome', groupTable('outcome', tables.per_outcome), paint),
    analysis.warnings.map((warning) => `${paint('yellow', 'warning')}: ${warning}`).join('\n'),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function comparison({ baseline_summary: baseline, run_summary: run }: Analysis): string {
  const row = (name: string, show: (summary: Summary) => string) => [name, show(baseline), show(run)];
  return table(
    ['', 'baseline', 'run'],
    [
      row('requests due', (summary) => String(summary.due)),
      row('ok', (summary) => String(summary.ok)),
      row('failed', (summary) => String(summary.fail)),
      row('unknown', (summary) => String(summary.unknown)),
      row('dropped', (summary) => String(summary.dropped)),
      row('duration', (summary) => seconds(summary.duration_sec)),
      row('throughput', (summary) => `${rps(summary.throughput_rps)} rps`),
      row('goodput', (summary) => `${rps(summary.goodput_rps)} rps`),
      row('error rate', (summary) => percent(summary.error_rate)),
      row('latency p50', (summary) => ms(summary.p50_latency_ms)),
      row('latency p95', (summary) => ms(summary.p95_latency_ms)),
      row('latency p99', (summary) => ms(summary.p99_latency_ms)),
      row('latency max', (summary) => ms(summary.max_latency_ms)),
    ],
  );
}

function verdict(analysis: Analysis): string {
  const {
    throughput_drop_pct: drop,
    recovery_time_sec: recovery,
    recovery_reason: reason,
    conclusive,
  } = analysis;
  const lines = [
    `throughput drop  ${drop === null ? '–' : `${fixed(drop, 1)}%`}`,
    `recovery time    ${seconds(recovery)}${reason === null ? '' : ` (${reason})`}`,
  ];
  if (!conclusive) lines.push('INCONCLUSIVE: see the warnings');
  return lines.map((line) => `  ${line}`).join('\n');
}

function faultTable({ faults }: Analysis): string {
  if (faults.length === 0) return '';
  return table(
    ['fault', 'node', 'was', 'phase', 'effective', 'undone', 'serving again'],
    faults.map((fault) => [
      fault.id,
      fault.node,
      fault.effect,
      fault.phase,
      seconds(fault.effective_sec),
      fault.undo_failed ? 'FAILED' : seconds(fault.undone_sec),
      seconds(fault.verified_sec),
    ]),
    false,
  );
}

function windowTable({ anomaly_windows: windows }: Analysis): string {
  if (windows.length === 0) return '';
  return table(
    ['seconds', 'cause', 'lowest throughput', 'highest error rate', 'faults'],
    windows.map((window) => [
      `${window.start_sec}–${window.end_sec}`,
      window.causes.join(', '),
      `${rps(window.min_throughput_rps)} rps`,
      percent(window.max_error_rate),
      faultsText(window),
    ]),
    false,
  );
}

function writesTable({ correctness }: Analysis): string {
  if (correctness === null) return '';
  const known = (count: number | null) => (count === null ? '–' : String(count));
  return table(
    [
      'to',
      'acknowledged',
      'lost',
      'duplicates',
      'stale reads',
      'indeterminate',
      'there',
      'refused',
      'unread',
    ],
    correctness.checks.map((check) => [
      check.name,
      ...[check.acknowledged, check.lost, check.duplicates, check.stale_reads].map(known),
      ...[check.indeterminate, check.indeterminate_there, check.refused, check.unread].map(String),
    ]),
  );
}

function writeExamples({ correctness }: Analysis): string {
  const kinds = ['lost', 'duplicates', 'stale_reads'] as const;
  const lines = (correctness?.checks ?? []).flatMap(({ examples }) =>
    kinds.flatMap((kind) =>
      examples[kind].map(({ token, node, acknowledged_sec: sec, seen }) => {
        const what = kind === 'stale_reads' ? 'stale read' : kind === 'lost' ? 'lost' : 'duplicate';
        return `  ${what}: ${token}, acknowledged by ${node} ${sec.toFixed(2)} s into the run: ${seen}`;
      }),
    ),
  );
  return lines.join('\n');
}

function groupTable(what: string, groups: readonly GroupSummary[]): string {
  if (groups.length === 0) return '';
  return table(
    [what, 'due', 'ok', 'fail', 'unknown', 'dropped', 'rps', 'errors', 'p50', 'p95', 'p99', 'max'],
    groups.map((group) => [
      group.name,
      ...[group.due, group.ok, group.fail, group.unknown, group.dropped].map(String),
      rps(group.throughput_rps),
      percent(group.error_rate),
      ms(group.p50_latency_ms),
      ms(group.p95_latency_ms),
      ms(group.p99_latency_ms),
      ms(group.max_latency_ms),
    ]),
  );
}

function section(title: string, body: string, paint: Paint): string {
  return body === '' ? '' : `${paint('cyan', title)}\n${body}`;
}
