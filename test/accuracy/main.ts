import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../support.ts';
import { type Case, generatedCases, realCases, realRoundLength, roundLength } from './cases.ts';
import { generated } from './generate.ts';
import { goalsOf } from './goals.ts';
import { RealRuns } from './real.ts';
import { progressText, report } from './report.ts';
import { type Score, scoreOf } from './score.ts';

/**
 * `npm run accuracy -- [--generated N] [--real N] [--seed S]`: judges the analysis by runs of which the truth is known.
 * What came of the whole, without --generated and --real, is written to docs/accuracy.md. A seed plays the same generated
 * runs again; of real ones it is the script that is the same.
 */
const { values } = parseArgs({
  options: { generated: { type: 'string' }, real: { type: 'string' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? 1);
const rounds = 20;
/** Groups of real runs that go on at the same time. */
const atOnce = 2;
const attempts = 2;
const say = (line: string) => process.stdout.write(`${line}\n`);

async function playGenerated(cases: readonly Case[]): Promise<Score[]> {
  const directory = await mkdtemp(join(tmpdir(), 'orch-accuracy-'));
  const scores: Score[] = [];
  for (const of of cases) {
    scores.push(scoreOf(await generated(of, directory)));
    if (scores.length % roundLength === 0) say(`${scores.length} of ${cases.length} generated runs`);
  }
  await rm(directory, { recursive: true });
  return scores;
}

/** Those of one protocol and rate have one baseline, and follow one another. */
async function playReal(cases: readonly Case[]): Promise<Score[]> {
  const groups = [...Map.groupBy(cases, ({ protocol, rps }) => `${protocol} ${rps}`).values()];
  const scores: Score[] = [];
  const workThrough = async () => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const runs = new RealRuns(attempts);
      try {
        await runs.baseline(group[0]!);
        for (const of of group) {
          const score = scoreOf(await runs.play(of));
          scores.push(score);
          say(progressText(score));
        }
      } finally {
        runs.close();
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, workThrough));
  return scores;
}

const started = new Date();
const made = await playGenerated(generatedCases(Number(values.generated ?? rounds * roundLength), seed));
const real = await playReal(realCases(Number(values.real ?? realRoundLength), seed));
const scores = [...made, ...real];
const text = report({ scores, seed, started, tookSec: (Date.now() - started.getTime()) / 1000 });
say(`\n${text}`);
const isWhole = values.generated === undefined && values.real === undefined;
if (isWhole) await writeFile(join(root, 'docs/accuracy.md'), text);
process.exitCode = goalsOf(scores).every(({ met }) => met) ? 0 : 1;
