import type { Analysis } from '../../src/model/analysis.ts';
import { addedMs, type Disturbance } from '../../src/testing/scripted/disturbance.ts';
import type { Case } from './cases.ts';

/** A run that was analysed, and what really happened in it. */
export interface Played {
  readonly of: Case;
  readonly analysis: Analysis;
  /** The disturbance with the times that it really had, in the analysis' seconds; null where there was none. */
  readonly truth: Disturbance | null;
  /** When the first request was due that an outage lost or held up, as it was under way when that began; Infinity: none. */
  readonly earliestSec: number;
  /** How late the generator was, p99, in the run or in its baseline: whatever it shows beyond that is not the script's. */
  readonly lagMs: number;
}

/** How far a start and an end are from the truth, in milliseconds, without a sign. */
export interface Edges {
  readonly onsetMs: number;
  readonly endMs: number;
}

/** What the analysis of one run is worth. */
export interface Score {
  readonly of: Case;
  /** Whether the machine was too busy for a run of real sockets: such a run is told, and not counted. */
  readonly isBusy: boolean;
  /** Windows that it told, of both lists, and those of them that are near no truth. */
  readonly windows: number;
  readonly falseWindows: number;
  /** By single requests; null where it was missed, or there was nothing to find. */
  readonly fine: Edges | null;
  /** By whole seconds; null as above, and for what the two thresholds do not look at. */
  readonly whole: Edges | null;
  /** Of the time to recover; null where the log told of no fault. Infinity: there was none to be had. */
  readonly recoveryMs: number | null;
}

interface Span {
  readonly start_sec: number;
  readonly end_sec: number;
}

/** A window that is farther away has nothing to do with it: so far a start or an end may be off. */
export function mostOffMs({ rps }: Case): number {
  return rps === 50 ? 1000 : 100;
}

/** A generator that is later than this, p99, shows itself. */
export const mostLagMs = 20;

export function scoreOf(played: Played): Score {
  const { of, analysis, truth, lagMs } = played;
  const fine = analysis.windows;
  // The end of a whole second is that of its last request.
  const whole = analysis.anomaly_windows.map(({ start_sec, end_sec }) => ({
    start_sec,
    end_sec: end_sec + 1,
  }));
  const windows = [...fine, ...whole];
  const nearSec = mostOffMs(of) / 1000;
  const isNear = ({ start_sec, end_sec }: Span) =>
    truth !== null && start_sec < truth.toSec + nearSec && end_sec > truth.fromSec - nearSec;
  // A change point says that something changed, not when to the request: it counts where there is nothing finer.
  const sharp = fine.filter(({ cause }) => cause !== 'change_point').filter(isNear);
  const near = sharp.length > 0 ? sharp : fine.filter(isNear);
  return {
    of,
    isBusy: lagMs > mostLagMs || !analysis.conclusive,
    windows: windows.length,
    falseWindows: windows.filter((window) => !isNear(window)).length,
    fine: truth && edges(near, truth, played),
    whole: truth && edges(whole.filter(isNear), truth, played),
    recoveryMs: truth === null || !of.isTold ? null : recoveryOff(truth, analysis),
  };
}

/** A ramp can be seen from where it adds more than what counts as a shift of the latency. */
function shownFrom(truth: Disturbance, { thresholds, baseline_summary }: Analysis): number {
  if (truth.kind !== 'ramp') return truth.fromSec;
  const usualMs = baseline_summary.p50_latency_ms ?? 0;
  const shiftMs = Math.max(usualMs * thresholds.latency_shift_threshold, thresholds.latency_shift_min_ms);
  const perSec = addedMs(truth, truth.fromSec + 1);
  return Math.min(truth.fromSec + shiftMs / perSec, truth.toSec);
}

/** A start is right from the first request that shows it to the disturbance itself. */
function edges(
  windows: readonly Span[],
  truth: Disturbance,
  { analysis, earliestSec }: Played,
): Edges | null {
  if (windows.length === 0) return null;
  const startSec = Math.min(...windows.map(({ start_sec }) => start_sec));
  const endSec = Math.max(...windows.map(({ end_sec }) => end_sec));
  const latestSec = shownFrom(truth, analysis);
  const nearestSec = Math.min(Math.max(startSec, Math.min(earliestSec, latestSec)), latestSec);
  return {
    onsetMs: Math.abs(startSec - nearestSec) * 1000,
    endMs: Math.abs(endSec - truth.toSec) * 1000,
  };
}

/** Of the fault whose time is farthest off. */
function recoveryOff({ fromSec, toSec }: Disturbance, { recoveries }: Analysis): number {
  const off = recoveries.map(({ time_to_recover_sec: sec, disturbed }) =>
    sec === null || !disturbed ? Number.POSITIVE_INFINITY : Math.abs(sec - (toSec - fromSec)) * 1000,
  );
  return off.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...off);
}
