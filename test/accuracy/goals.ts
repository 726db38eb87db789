import { isOutage } from '../../src/testing/scripted/disturbance.ts';
import { caseText } from './cases.ts';
import type { Score } from './score.ts';

/** What is to be reached, and whether it was. */
export interface Goal {
  readonly text: string;
  readonly reached: string;
  readonly met: boolean;
  /** The runs that fell short. */
  readonly short: readonly string[];
}

const slowRps = 50;

/** @param all Also those of a machine that was too busy: these do not count. */
export function goalsOf(all: readonly Score[]): Goal[] {
  const scores = all.filter(({ isBusy }) => !isBusy);
  const calm = scores.filter(
    ({ of }) => of.source === 'generated' && of.disturbance === null && of.rps === slowRps,
  );
  const alarms = calm.filter(({ windows }) => windows > 0);
  const outages = scores.filter(({ of }) => of.disturbance !== null && isOutage(of.disturbance));
  const missed = outages.filter(({ fine }) => fine === null);
  const slow = scores.filter(({ of }) => of.rps === slowRps);
  const fast = scores.filter(({ of }) => of.rps > slowRps);
  return [
    {
      text: 'Runs of 60 s without a fault in which there is a window: fewer than 1 in 200',
      reached: `${alarms.length} of ${calm.length}`,
      met: alarms.length * 200 < Math.max(calm.length, 1),
      short: alarms.map((score) => `${caseText(score.of)}: ${score.windows} windows`),
    },
    {
      text: 'Outages of two seconds or more that are missed: none',
      reached: `${missed.length} of ${outages.length}`,
      met: missed.length === 0,
      short: missed.map(({ of }) => caseText(of)),
    },
    within('At 50 rps, start and end of each window within 1 s', slow, edgesMs, 1000),
    within('At 50 rps, the same of the windows in whole seconds', slow, wholeMs, 1000),
    within('At 1,000 rps, start and end of each window within 100 ms', fast, edgesMs, 100),
    within('At 1,000 rps, the time to recover within 100 ms', fast, ({ recoveryMs }) => recoveryMs, 100),
  ];
}

export function edgesMs({ fine }: Score): number | null {
  return fine === null ? null : Math.max(fine.onsetMs, fine.endMs);
}

/** The two thresholds look at errors and throughput: the windows of what only makes requests slow are not held against it. */
function wholeMs({ of, whole }: Score): number | null {
  const shows = of.disturbance?.kind === 'refuse' || of.disturbance?.kind === 'reset';
  return whole === null || !shows ? null : Math.max(whole.onsetMs, whole.endMs);
}

function within(
  text: string,
  scores: readonly Score[],
  offMs: (score: Score) => number | null,
  limitMs: number,
): Goal {
  const judged = scores.map((score) => ({ score, off: offMs(score) })).filter(({ off }) => off !== null);
  const short = judged.filter(({ off }) => off! > limitMs);
  return {
    text,
    reached: `${judged.length - short.length} of ${judged.length}`,
    met: short.length === 0,
    short: short
      .toSorted((a, b) => b.off! - a.off!)
      .map(({ score, off }) => `${caseText(score.of)}: ${Math.round(off!)} ms off`),
  };
}
