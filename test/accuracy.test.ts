import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAsDuckDb } from '../src/testing/oracle.ts';
import { isOutage } from '../src/testing/scripted/disturbance.ts';
import { type Case, caseText, generatedCases, roundLength } from './accuracy/cases.ts';
import { generated } from './accuracy/generate.ts';
import { edgesMs } from './accuracy/goals.ts';
import { RealRuns } from './accuracy/real.ts';
import { mostOffMs, type Score, scoreOf } from './accuracy/score.ts';

/** A round of what `npm run accuracy` does. */
describe('against a script, in compressed time', () => {
  let directory = '';
  let scores: readonly Score[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'orch-accuracy-'));
    // Number 298 is a run in which the level of the latencies wanders for so long that it was taken for a change once.
    const cases = generatedCases(299, 1).filter(({ number }) => number < roundLength || number === 298);
    const all: Score[] = [];
    for (const of of cases) all.push(scoreOf(await generated(of, directory)));
    scores = all;
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('a run without a fault has no window', () => {
    const calm = scores.filter(({ of }) => of.disturbance === null);
    expect(calm.length).toBeGreaterThanOrEqual(10);
    expect(calm.filter(({ windows }) => windows > 0).map(({ of }) => caseText(of))).toEqual([]);
  });

  it('whatever happens is found, and begins and ends when it did', () => {
    const disturbed = scores.filter(({ of }) => of.disturbance !== null);
    expect(disturbed.filter(({ of }) => isOutage(of.disturbance!)).length).toBeGreaterThanOrEqual(10);
    const off = disturbed.filter((score) => !((edgesMs(score) ?? Infinity) <= mostOffMs(score.of)));
    expect(off.map(({ of }) => caseText(of))).toEqual([]);
  });

  it('times to recover are those of the script', () => {
    const told = scores.filter(({ recoveryMs }) => recoveryMs !== null);
    expect(told.length).toBeGreaterThanOrEqual(5);
    for (const { of, recoveryMs } of told) expect(recoveryMs, caseText(of)).toBeLessThan(mostOffMs(of));
  });
});

it('against a service that follows a script, by the real CLI: what it noted is what the analysis says, and its figures are those of DuckDB', async () => {
  const of: Case = {
    number: 0,
    source: 'real',
    protocol: 'redis',
    rps: 100,
    durationSec: 6,
    weather: 'calm',
    disturbance: { kind: 'errors', fromSec: 2.5, toSec: 4.7, node: 'b', addMs: 0, share: 1 },
    isTold: true,
    seed: 1,
  };
  const runs = new RealRuns(1);
  try {
    await runs.baseline(of);
    const { analysis, truth } = await runs.play(of);
    expect(truth!.toSec - truth!.fromSec).toBeGreaterThan(2);
    const window = analysis.windows.find(({ cause }) => cause === 'error_rate');
    expect(window).toMatchObject({ nodes: [expect.any(String)], faults: ['f1'] });
    // At 33 rps for each node, on a machine that may be busy.
    expect(Math.abs(window!.start_sec - truth!.fromSec)).toBeLessThan(1);
    expect(Math.abs(window!.end_sec - truth!.toSec)).toBeLessThan(1);
    await expectAsDuckDb(analysis, runs.run);
  } finally {
    runs.close();
  }
}, 90_000);
