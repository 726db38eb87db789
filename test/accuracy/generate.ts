import { rm } from 'node:fs/promises';
import { analyzeRuns } from '../../src/analyze/analyze.ts';
import { configSchema } from '../../src/model/config.ts';
import { weathers } from '../../src/testing/scripted/noise.ts';
import { writeScriptedRun } from '../../src/testing/scripted/scripted-run.ts';
import { type Case, nodes } from './cases.ts';
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
  return {
    of,
    analysis,
    lagMs: 0,
    earliestSec: run.caughtSec + beganSec,
    truth: disturbance && {
      ...disturbance,
      fromSec: disturbance.fromSec + beganSec,
      toSec: disturbance.toSec + beganSec,
    },
  };
}
