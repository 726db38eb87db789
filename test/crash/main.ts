import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../support.ts';
import { crashMatrix } from './matrix.ts';
import { report } from './report.ts';
import { runCases } from './run-cases.ts';

/**
 * The whole crash test: `npm run crash`. With `--case 57` only that one, or several with commas; with `--seed 2` other
 * random moments. What came of the whole is written to docs/crash.md.
 */
const { values } = parseArgs({ options: { case: { type: 'string' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? 1);
const matrix = crashMatrix();
const wanted = values.case?.split(',').map(Number);
const cases = wanted === undefined ? matrix : matrix.filter(({ number }) => wanted.includes(number));

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    process.stdout.write(`${signal}: after the case that is under way …\n`);
    interrupt.abort();
  });

const say = (line: string) => process.stdout.write(`${line}\n`);
const started = new Date();
const crashes = await runCases(cases, { seed, say, signal: interrupt.signal });
const text = report({ crashes, seed, started, tookSec: (Date.now() - started.getTime()) / 1000 });
say(`\n${text}`);
const isWhole = crashes.length === matrix.length;
if (isWhole) writeFileSync(join(root, 'docs/crash.md'), text);
process.exitCode =
  crashes.every(({ problems }) => problems.length === 0) && crashes.length === cases.length ? 0 : 1;
