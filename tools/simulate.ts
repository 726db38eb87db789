import { parseArgs } from 'node:util';
import { play } from '../src/testing/simulation/play.ts';
import { simulate, told } from '../src/testing/simulation/simulate.ts';

/**
 * `npm run simulate -- [--runs N] [--seed S]`: plays N runs from seed S on, by default 10000 from any.
 * With a seed alone it plays that one and prints what happened in it.
 */
const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
const say = (text: string) => process.stdout.write(`${text}\n`);

if (values.seed !== undefined && values.runs === undefined) {
  const played = await play(Number(values.seed));
  say(played.timeline);
  say(played.violations.length === 0 ? 'all is well' : told(played));
  process.exitCode = Math.min(played.violations.length, 1);
} else {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(values.seed);
  const runs = Number(values.runs ?? 10_000);
  const { failed, transitions } = await simulate(seed, runs);
  for (const played of failed) say(told(played));
  say(`${runs} runs from seed ${seed}: ${failed.length} failed, ${transitions.size} kinds of transition`);
  process.exitCode = Math.min(failed.length, 1);
}
