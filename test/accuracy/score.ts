import type { Analysis } from '../../src/model/analysis.ts';
import type { Disturbance } from '../../src/testing/scripted/disturbance.ts';
import type { Hiccup } from '../../src/testing/scripted/noise.ts';
import type { Case } from './cases.ts';

/** A run that was analysed, and what really happened in it. */
export interface Played {
  readonly of: Case;
  readonly analysis: Analysis;
  /** The disturbance with the times that it really had, in the analysis' seconds; null where there was none. */
  readonly truth: Disturbance | null;
  /** When the first request was due that an outage lost or held up, as it was under way when that began; Infinity: none. */
  readonly caughtSec: number;
  /** The disturbance together with the hiccups around it: see `withHiccups`; null where none are known. */
  readonly around: Hiccup | null;
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
  /** Whether a hiccup of the weather was so near that what is told may begin, or end, with it. */
  readonly hasHiccup: boolean;
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
  const { of, analysis, truth, around, lagMs } = played;
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
    hasHiccup:
      around !== null && truth !== null && (around.fromSec < truth.fromSec || around.toSec > truth.toSec),
    isBusy: lagMs > mostLagMs || !analysis.conclusive,
    windows: windows.length,
    falseWindows: windows.filter((window) => !isNear(window)).length,
    fine: truth && edges(near, truth, played),
    whole: truth && edges(whole.filter(isNear), truth, played),
    recoveryMs: truth === null || !of.isTold ? null : recoveryOff(truth, played),
  };
}

/** A start is right from the earliest that shows to the disturbance itself, an end from its own to the latest. */
function edges(windows: readonly Span[], truth: Disturbance, { caughtSec, around }: Played): Edges | null {
  if (windows.length === 0) return null;
  const startSec = Math.min(...windows.map(({ start_sec }) => start_sec));
  const endSec = Math.max(...windows.map(({ end_sec }) => end_sec));
  return {
    onsetMs: offMs(startSec, Math.min(caughtSec, (around ?? truth).fromSec), truth.fromSec),
    endMs: offMs(endSec, truth.toSec, (around ?? truth).toSec),
  };
}

/** Of the fault whose time is farthest off. */
function recoveryOff(truth: Disturbance, { analysis, around }: Played): number {
  const { fromSec, toSec } = truth;
  const off = analysis.recoveries.map(({ time_to_recover_sec: sec, disturbed }) =>
    sec === null || !disturbed
      ? Number.POSITIVE_INFINITY
      : offMs(sec, toSec - fromSec, (around ?? truth).toSec - fromSec),
  );
  return off.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...off);
}

/** How far a time is from a span. */
function offMs(sec: number, fromSec: number, toSec: number): number {
  return Math.max(fromSec - sec, sec - toSec, 0) * 1000;
}
