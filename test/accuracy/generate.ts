import { rm } from 'node:fs/promises';
import { analyzeRuns } from '../../src/analyze/analyze.ts';
import { holdSec } from '../../src/analyze/watch-run.ts';
import type { Analysis } from '../../src/model/analysis.ts';
import { configSchema } from '../../src/model/config.ts';
import { type Hiccup, weathers } from '../../src/testing/scripted/noise.ts';
import { writeScriptedRun } from '../../src/testing/scripted/scripted-run.ts';
import { type Case, nodes } from './cases.ts';
import { type Surroundings, withHiccups } from './hiccups.ts';
import type { Played } from './score.ts';

const thresholds = configSchema.parse({}).anomaly_detection;

/** Plays a case in compressed time, with a baseline of its own in the same weather. Leaves nothing in `directory`. */
export async function generated(of: Case, directory: string): Promise<Played> {
  const { number, seed, rps, durationSec, disturbance, isTold } = of;
  const common = { rps, durationSec, nodes, weather: weathers[of.weather], isTold };
  const baseline = await writeScriptedRun(directory, `${number}-baseline`, {
    ...common,
    seed: seed + 1,
    disturbance: null,
  });
  const run = await writeScriptedRun(directory, `${number}-run`, { ...common, seed, disturbance });
  const analysis = await analyzeRuns({ baseline: baseline.dir, run: run.dir, thresholds });
  for (const { dir } of [baseline, run]) await rm(dir.path, { recursive: true });
  const beganSec = run.zeroWallSec - Math.floor(run.zeroWallSec);
  const inRun = <Span extends Hiccup>(span: Span): Span => ({
    ...span,
    fromSec: span.fromSec + beganSec,
    toSec: span.toSec + beganSec,
  });
  return {
    of,
    analysis,
    lagMs: 0,
    truth: disturbance && inRun(disturbance),
    caughtSec: run.caughtSec + beganSec,
    around: disturbance && inRun(withHiccups(disturbance, run.hiccups, surroundings(of, analysis))),
  };
}

/** One node of several may be what is judged. */
function surroundings(
  { rps }: Case,
  { baseline_summary: { p50_latency_ms: p50Ms } }: Analysis,
): Surroundings {
  const { latency_shift_threshold: ratio, latency_shift_min_ms: leastMs } = thresholds;
  return {
    holdSec: holdSec({ dueRps: rps / nodes.length }, thresholds),
    leastSec: Math.max((p50Ms ?? 0) * ratio, leastMs) / 1000,
  };
}
