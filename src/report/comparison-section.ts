import type { Summary } from '../model/analysis.ts';
import type { ReportFacts } from './facts.ts';
import { count, decimal, ms, percent, rps, seconds, signed } from './figures.ts';
import { note, type Section } from './section.ts';
import { type Column, factList, table } from './table.ts';

/** What is compared. */
interface Metric {
  readonly name: string;
  readonly of: (summary: Summary) => number | null;
  readonly show: (value: number | null) => string;
  /** How a difference is told: a share differs in points, and a count of requests says little beside another load. */
  readonly differs: 'percent' | 'points' | 'not';
}

const metrics: readonly Metric[] = [
  { name: 'Throughput (ok or failed)', of: (one) => one.throughput_rps, show: rps, differs: 'percent' },
  { name: 'Goodput (ok)', of: (one) => one.goodput_rps, show: rps, differs: 'percent' },
  { name: 'Error rate', of: (one) => one.error_rate, show: percent, differs: 'points' },
  {
    name: 'Availability',
    of: (one) => (one.due === 0 ? null : one.ok / one.due),
    show: percent,
    differs: 'points',
  },
  { name: 'Latency p50', of: (one) => one.p50_latency_ms, show: ms, differs: 'percent' },
  { name: 'Latency p95', of: (one) => one.p95_latency_ms, show: ms, differs: 'percent' },
  { name: 'Latency p99', of: (one) => one.p99_latency_ms, show: ms, differs: 'percent' },
  { name: 'Latency mean', of: (one) => one.mean_latency_ms, show: ms, differs: 'percent' },
  { name: 'Latency max', of: (one) => one.max_latency_ms, show: ms, differs: 'percent' },
  { name: 'Requests due', of: (one) => one.due, show: count, differs: 'not' },
  { name: 'Failed', of: (one) => one.fail, show: count, differs: 'not' },
  { name: 'Without an answer', of: (one) => one.unknown, show: count, differs: 'not' },
  { name: 'Not sent', of: (one) => one.dropped, show: count, differs: 'not' },
  { name: 'Duration', of: (one) => one.duration_sec, show: seconds, differs: 'not' },
];

/** The run in numbers, beside its baseline where it has one. */
export function comparisonSection({ analysis, run }: ReportFacts): Section {
  const latencies = note(
    'Latency counts from when a request was due, of all that were sent. Percentiles are of requests, exact.',
  );
  if (analysis === null)
    return {
      id: 'comparison',
      title: 'In numbers',
      menu: 'Numbers',
      body: [
        factList(
          'lines',
          metrics.map(({ name, of, show }) => [name, show(of(run.run_summary))] as const),
        ),
        latencies,
      ],
    };
  const baseline = analysis.baseline_summary;
  const columns: readonly Column<Metric>[] = [
    { head: 'metric', cell: ({ name }) => name },
    { head: 'baseline', cell: ({ of, show }) => show(of(baseline)), isNumber: true },
    { head: 'run', cell: ({ of, show }) => show(of(run.run_summary)), isNumber: true },
    { head: 'difference', cell: (metric) => difference(metric, baseline, run.run_summary), isNumber: true },
    { head: 'in percent', cell: (metric) => change(metric, baseline, run.run_summary), isNumber: true },
  ];
  return {
    id: 'comparison',
    title: 'Against the baseline',
    menu: 'Comparison',
    body: [
      table(`${run.run_id} against ${analysis.baseline_id}`, columns, metrics),
      latencies,
      note('One run against one run says nothing of chance: `orch run --repeat` tells a difference from it.'),
    ],
  };
}

function difference({ of, show, differs }: Metric, baseline: Summary, run: Summary): string {
  const [before, after] = [of(baseline), of(run)];
  if (before === null || after === null || differs === 'not') return '–';
  if (differs === 'percent') return signed(after - before, show);
  return signed((after - before) * 100, (points) => `${decimal(points)} points`);
}

function change({ of, differs }: Metric, baseline: Summary, run: Summary): string {
  const [before, after] = [of(baseline), of(run)];
  if (before === null || after === null || differs !== 'percent') return '–';
  if (before === 0) return after === 0 ? '±0%' : 'from zero';
  return signed((after / before - 1) * 100, (size) => `${decimal(size)}%`);
}
