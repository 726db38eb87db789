import { DataFrame, Series } from 'danfojs';
import type { AnomalyWindow, SecondRow } from '../model/analysis.ts';
import type { Figures } from './figures.ts';

/** From where on a second is anomalous. */
export interface Limits {
  /** A lower throughput is. */
  readonly throughputFloorRps: number;
  /** A higher error rate is, 0..1. */
  readonly errorRate: number;
}

/** A second of the run and what it is anomalous by: nothing, where it is not counted. */
export interface JudgedSecond {
  readonly row: SecondRow;
  readonly causes: AnomalyWindow['causes'];
}

/**
 * The per-second table of a run as a danfo DataFrame: a row for each second from 0, with the columns of SecondRow (a
 * latency is NaN where no request was sent) and the masks `low_throughput` and `high_error_rate`.
 * All is derived from Series, which compute in doubles: a DataFrame's own arithmetic rounds to 32 bits. The frame is made
 * last and once, since each column added to one copies all of it.
 */
export function secondFrame(
  seconds: readonly Figures[],
  counted: readonly boolean[],
  limits: Limits,
): DataFrame {
  const column = (of: (figures: Figures) => number) => new Series(seconds.map(of));
  const due = column(({ counts }) => counts.due);
  const ok = column(({ counts }) => counts.ok);
  const fail = column(({ counts }) => counts.fail);
  const throughput = ok.add(fail);
  // Where nothing was due nothing went wrong: 0 of 1, not 0 of 0.
  const errorRate = due.sub(ok).div(column(({ counts }) => Math.max(counts.due, 1)));
  const judged = new Series([...counted]);
  const lowThroughput = throughput.lt(limits.throughputFloorRps).and(judged);
  const highErrorRate = errorRate.gt(limits.errorRate).and(judged);
  return new DataFrame({
    sec: seconds.map((_, sec) => sec),
    due: due.values,
    ok: ok.values,
    fail: fail.values,
    unknown: seconds.map(({ counts }) => counts.unknown),
    dropped: seconds.map(({ counts }) => counts.dropped),
    throughput_rps: throughput.values,
    error_rate: errorRate.values,
    p50_latency_ms: seconds.map(({ latency }) => latency?.p50Ms ?? Number.NaN),
    p95_latency_ms: seconds.map(({ latency }) => latency?.p95Ms ?? Number.NaN),
    counted: judged.values,
    low_throughput: lowThroughput.values,
    high_error_rate: highErrorRate.values,
    anomalous: lowThroughput.or(highErrorRate).values,
  });
}

/** The rows of a frame made by `secondFrame`. */
export function judgedSeconds(frame: DataFrame): JudgedSecond[] {
  const columns = new Map(frame.columns.map((name) => [name, frame.column(name).values]));
  const number = (name: string, row: number) => Number(columns.get(name)?.[row]);
  const flag = (name: string, row: number) => columns.get(name)?.[row] === true;
  const latency = (name: string, row: number) => {
    const latencyMs = number(name, row);
    return Number.isNaN(latencyMs) ? null : latencyMs;
  };
  return frame.column('sec').values.map((_, row) => ({
    row: {
      sec: number('sec', row),
      due: number('due', row),
      ok: number('ok', row),
      fail: number('fail', row),
      unknown: number('unknown', row),
      dropped: number('dropped', row),
      throughput_rps: number('throughput_rps', row),
      error_rate: number('error_rate', row),
      p50_latency_ms: latency('p50_latency_ms', row),
      p95_latency_ms: latency('p95_latency_ms', row),
      counted: flag('counted', row),
      anomalous: flag('anomalous', row),
    },
    causes: [
      ...(flag('low_throughput', row) ? (['throughput'] as const) : []),
      ...(flag('high_error_rate', row) ? (['error_rate'] as const) : []),
    ],
  }));
}
