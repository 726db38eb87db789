import type { AnomalyWindow, FaultSpan, SecondRow } from '../model/analysis.ts';
import type { JudgedSecond } from './frame.ts';

/** A fault may show this long after it was seen to be over, and before it was seen to be effective. */
const faultSlackSec = 1;

/**
 * The maximal runs of consecutive anomalous seconds. A second that is not counted ends a window like one that is
 * well: nothing is known of it, so it neither joins two windows nor lengthens one.
 */
export function anomalyWindows(
  seconds: readonly JudgedSecond[],
  faults: readonly FaultSpan[],
): AnomalyWindow[] {
  const runs: JudgedSecond[][] = [];
  for (const [sec, second] of seconds.entries()) {
    if (!second.row.anomalous) continue;
    if (sec > 0 && seconds[sec - 1]?.row.anomalous === true) runs.at(-1)?.push(second);
    else runs.push([second]);
  }
  return runs.map((run) => windowOf(run, faults));
}

function windowOf(run: readonly JudgedSecond[], faults: readonly FaultSpan[]): AnomalyWindow {
  const rows = run.map(({ row }) => row);
  const start = rows[0]!.sec;
  const end = rows.at(-1)!.sec;
  const causes = new Set(run.flatMap((second) => second.causes));
  return {
    start_sec: start,
    end_sec: end,
    causes: (['throughput', 'error_rate'] as const).filter((cause) => causes.has(cause)),
    min_throughput_rps: rows.reduce(
      (least, row) => Math.min(least, row.throughput_rps),
      Number.POSITIVE_INFINITY,
    ),
    max_error_rate: rows.reduce((most, row) => Math.max(most, row.error_rate), 0),
    faults: faults.filter((fault) => inForce(fault, start, end + 1)).map(({ id }) => id),
  };
}

/** Whether a fault that took effect was in force between the two times: from its request until its node was seen to serve again. */
export function inForce(fault: FaultSpan, fromSec: number, toSec: number): boolean {
  if (fault.effective_sec === null) return false;
  const overSec = fault.verified_sec ?? fault.undone_sec ?? Number.POSITIVE_INFINITY;
  return fault.requested_sec - faultSlackSec < toSec && fromSec < overSec + faultSlackSec;
}

export interface Recovery {
  readonly recovery_time_sec: number | null;
  readonly recovery_reason: string | null;
  readonly recovered: boolean | null;
}

/**
 * How long it took from the first anomalous second to the last, and whether the run saw the end of it.
 * @param cutOff Whether the run has no end of its own to see it by.
 * @param brokenAtEnd Whether a fault was in force until load ended: its undo may have answered the last requests, which is no
 * recovery.
 */
export function recoveryOf(
  seconds: readonly SecondRow[],
  { cutOff, brokenAtEnd }: { readonly cutOff: boolean; readonly brokenAtEnd: boolean },
): Recovery {
  const counted = seconds.filter((second) => second.counted);
  const first = counted.find(({ anomalous }) => anomalous);
  const last = counted.findLast(({ anomalous }) => anomalous);
  if (first === undefined || last === undefined) {
    return { recovery_time_sec: null, recovery_reason: whyNone(counted.length, cutOff), recovered: null };
  }
  if (cutOff) {
    const reason =
      'the run was cut off, or goes on: what became of its last requests is not known, nor whether it recovered';
    return { recovery_time_sec: null, recovery_reason: reason, recovered: null };
  }
  const recovery_time_sec = last.sec - first.sec;
  if (brokenAtEnd) {
    const reason = 'the run ended before it recovered: a fault was in force until its load ended';
    return { recovery_time_sec, recovery_reason: reason, recovered: false };
  }
  const recovered = last !== counted.at(-1);
  return {
    recovery_time_sec,
    recovery_reason: recovered
      ? null
      : `the run ended before it recovered: its last counted second, ${last.sec}, was still anomalous`,
    recovered,
  };
}

/** Why there is nothing to recover from. Of a run that was cut off the last seconds may have been anomalous, too. */
function whyNone(countedSec: number, cutOff: boolean): string {
  if (countedSec === 0) return 'no second of the run could be judged';
  return `no second ${cutOff ? 'that could be judged' : 'of the run'} was anomalous`;
}
