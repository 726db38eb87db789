import type { RunChartInput } from './input.ts';

/** What all panels over time share: the width, the span, the shaded bands, the fault marks and the ticks. */

/** Width of every panel, in pixels of the SVG. */
export const panelWidth = 880;

/** A node may serve again long after a run that was cut off: so much of the chart at most shows what came after the run. */
const mostAfterwards = 1 / 4;

/** Seconds that the x axis spans, from 0: up to the end of the last row, phase or fault. */
export function spanSec(input: RunChartInput): number {
  const lastRow = input.seconds.at(-1);
  const measuredSec = Math.max(
    lastRow === undefined ? 0 : lastRow.sec + 1,
    ...input.phases.map((phase) => phase.end_sec),
  );
  const faultsSec = Math.max(
    0,
    ...input.faults.map((fault) => fault.verified_sec ?? fault.undone_sec ?? fault.requested_sec),
  );
  const mostSec = measuredSec === 0 ? faultsSec : measuredSec / (1 - mostAfterwards);
  return Math.max(1, measuredSec, Math.min(faultsSec, mostSec));
}

export interface Band {
  readonly start: number;
  readonly end: number;
}

/** The anomaly windows as they are shaded. A window's last second is inclusive, so its band ends one later. */
export function anomalyBands(input: RunChartInput): Band[] {
  return input.anomaly_windows.map((window) => ({ start: window.start_sec, end: window.end_sec + 1 }));
}

/** Runs of seconds that do not count: incomplete ones, and those in which no load was meant to run. */
export function uncountedBands(input: RunChartInput): Band[] {
  const runs: { start: number; end: number }[] = [];
  for (const row of input.seconds.filter((second) => !second.counted)) {
    const last = runs.at(-1);
    if (last?.end === row.sec) last.end = row.sec + 1;
    else runs.push({ start: row.sec, end: row.sec + 1 });
  }
  return runs;
}

/** When faults took effect, as far as load was running by then. A fault that never did has no mark. */
export function effectTimes(input: RunChartInput): number[] {
  return input.faults.flatMap((fault) => seen(fault.effective_sec));
}

/** When faults were over, as far as the chart goes: the node was seen serving again or, where that is not known, the fault undone. */
export function endTimes(input: RunChartInput): number[] {
  const endSec = spanSec(input);
  return input.faults
    .flatMap((fault) => (fault.effective_sec === null ? [] : seen(fault.verified_sec ?? fault.undone_sec)))
    .filter((atSec) => atSec <= endSec);
}

const seen = (atSec: number | null): number[] => (atSec === null || atSec < 0 ? [] : [atSec]);

const stepsSec = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200];

/** Round times, at most 14 of them. */
export function tickTimes(endSec: number): number[] {
  const step =
    stepsSec.find((candidate) => endSec / candidate <= 14) ?? Math.ceil(endSec / 14 / 86_400) * 86_400;
  return Array.from({ length: Math.floor(endSec / step) + 1 }, (_, index) => index * step);
}

/** How the x axis reads: plain seconds up to five minutes, then minutes:seconds, then hours:minutes. */
export function timeAxis(endSec: number): { readonly title: string; readonly labelExpr: string } {
  const since = 'Time since the run’s first request';
  const twoDigits = (of: string) => `(${of} < 10 ? '0' : '') + ${of}`;
  if (endSec <= 300) return { title: `${since} (s)`, labelExpr: 'datum.value' };
  if (endSec <= 7200) {
    const labelExpr = `floor(datum.value / 60) + ':' + ${twoDigits('(datum.value % 60)')}`;
    return { title: `${since} (min:s)`, labelExpr };
  }
  const labelExpr = `floor(datum.value / 3600) + ':' + ${twoDigits('floor(datum.value % 3600 / 60)')}`;
  return { title: `${since} (h:min)`, labelExpr };
}
