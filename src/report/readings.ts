import type { SecondRow } from '../model/analysis.ts';
import type { LiveChartInput } from '../plot/live/input.ts';
import { plural } from './figures.ts';

/** What the page's script tells of each second. */
export interface Readings {
  readonly rows: readonly SecondReading[];
  /** Whether these are all seconds in which requests were due. */
  readonly isWhole: boolean;
  readonly spans: readonly Span[];
}

export type SecondReading = readonly [
  sec: number,
  due: number,
  ok: number,
  fail: number,
  unknown: number,
  dropped: number,
  p50Ms: number | null,
  p95Ms: number | null,
];

interface Span {
  readonly kind: 'phase' | 'fault' | 'anomaly';
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Of so many seconds a page tells each; of a longer run every other, or third … */
const mostRows = 6000;

export function readingsOf({ seconds, phases, faults, windows = [] }: LiveChartInput): Readings {
  const every = Math.ceil(seconds.length / mostRows);
  return {
    rows: seconds.filter((_, index) => index % every === 0).map(secondOf),
    isWhole: every <= 1,
    spans: [
      ...phases.map(({ name, start_sec, end_sec }) => span('phase', name, start_sec, end_sec)),
      ...faults.flatMap(({ id, node, effect, effective_sec: from, verified_sec, undone_sec }) =>
        from === null
          ? []
          : [
              span(
                'fault',
                `${id}: ${node} ${effect}`,
                from,
                verified_sec ?? undone_sec ?? Number.MAX_SAFE_INTEGER,
              ),
            ],
      ),
      ...windows.map(({ cause, nodes, unattributed, start_sec, end_sec }) => {
        const where = nodes.length > 3 ? plural(nodes.length, 'node') : nodes.join(', ');
        const name = `${cause.replaceAll('_', ' ')} at ${where}${unattributed ? ' (unattributed)' : ''}`;
        return span('anomaly', name, start_sec, end_sec);
      }),
    ],
  };
}

function span(kind: Span['kind'], name: string, start: number, end: number): Span {
  return { kind, name, start, end };
}

function secondOf(row: SecondRow): SecondReading {
  const { sec, due, ok, fail, unknown, dropped } = row;
  return [sec, due, ok, fail, unknown, dropped, short(row.p50_latency_ms), short(row.p95_latency_ms)];
}

function short(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(5));
}
