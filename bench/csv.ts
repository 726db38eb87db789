import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Form, makeCsv } from './csv/make.ts';
import { given } from './options.ts';

/**
 * `node bench/csv.ts [--rows N] [--rounds N] [--python PATH]`: what it takes to read a metrics.csv and to make figures of it,
 * beside pandas and DuckDB. See bench/README.md.
 */
const values = given('csv');
const rows = Number(values.rows);
const rounds = Number(values.rounds);
const root = join(import.meta.dirname, '..');
const bytesPerRow = { five: 45, nine: 73 };

interface Taken {
  readonly userSec: number;
  /** User and system. */
  readonly cpuSec: number;
  readonly wallSec: number;
  readonly peakMb: number;
}

interface Tool {
  readonly name: string;
  readonly command: (form: Form, dir: string) => readonly string[];
}

const answerSchema = z.object({
  whole: z.array(z.number()),
  seconds: z.array(z.array(z.number().nullable())),
});
type Answer = z.output<typeof answerSchema>;

/** Runs a child to its end under GNU time, which tells what the child took and not what this process did. */
function run(command: readonly string[]): { answer: Answer; taken: Taken } {
  const { stdout, stderr, status } = spawnSync('/usr/bin/time', ['-f', '\n%U %S %e %M', ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 600_000,
  });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  const [userSec, systemSec, wallSec, peakKb] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  const taken = {
    userSec: userSec!,
    cpuSec: userSec! + systemSec!,
    wallSec: wallSec!,
    peakMb: peakKb! / 1024,
  };
  return { answer: answerSchema.parse(JSON.parse(stdout)), taken };
}

/** A Python with pandas: the one that is named, or one in a place of its own, where the network can be reached. */
function pythonIn(dir: string): string | null {
  if (values.python !== '') return values.python;
  const venv = join(dir, 'venv');
  const made = [
    ['python3', '-m', 'venv', venv],
    [join(venv, 'bin/pip'), 'install', '--quiet', 'pandas', 'numpy'],
  ].every(([file, ...args]) => spawnSync(file!, args, { stdio: 'ignore', timeout: 300_000 }).status === 0);
  return made ? join(venv, 'bin/python') : null;
}

/** Every count the same, every percentile within a millionth of a millisecond. */
function checkSame(ours: Answer, theirs: Answer, what: string): void {
  const flat = ({ whole, seconds }: Answer) => [...whole, ...seconds.flat()];
  const theirNumbers = flat(theirs);
  const differs = flat(ours).findIndex(
    (number, at) => Math.abs((number ?? -1) - (theirNumbers[at] ?? -1)) > 1e-6,
  );
  if (differs >= 0 || theirNumbers.length !== flat(ours).length)
    throw new Error(`${what}: another answer, at ${differs}`);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

const code = join(root, 'dist');
if (!existsSync(join(code, 'analyze/measure.js')))
  throw new Error('run `npm run build` first: what is built is measured');
const dir = mkdtempSync(join(tmpdir(), 'orch-bench-csv-'));
try {
  const { bavail, bsize } = statfsSync(dir);
  if (bavail * bsize < rows * (bytesPerRow.five + bytesPerRow.nine) * 2)
    throw new Error(`too little room in ${dir}`);
  const python = pythonIn(dir);
  const file = (form: Form) => join(dir, form, 'metrics.csv');
  const script = (name: string) => join(import.meta.dirname, 'csv', name);
  const tools: Tool[] = [
    {
      name: 'orch',
      command: (form) => [process.execPath, script('measure.mjs'), code, dir, form],
    },
    { name: 'DuckDB, 2 threads', command: (form) => [process.execPath, script('duckdb.ts'), file(form)] },
    ...(python === null
      ? []
      : [[], ['tables']].map((more) => ({
          name: ['pandas', ...more].join(', with '),
          command: (form: Form) => [python, script('pandas.py'), file(form), ...more],
        }))),
  ];
  const lines: string[] = [];
  for (const form of ['five', 'nine'] as const) {
    mkdirSync(join(dir, form));
    makeCsv(file(form), rows, form);
    const taken = new Map(tools.map(({ name }) => [name, [] as Taken[]]));
    for (let round = 0; round < rounds; round += 1) {
      let ours: Answer | null = null;
      for (const { name, command } of tools) {
        const result = run(command(form, dir));
        taken.get(name)?.push(result.taken);
        ours ??= result.answer;
        checkSame(ours, result.answer, `${name}, ${form} columns`);
      }
    }
    rmSync(join(dir, form), { recursive: true });
    const ours = taken.get('orch') ?? [];
    for (const { name } of tools) {
      const each = taken.get(name) ?? [];
      const of = (key: keyof Taken) => median(each.map((one) => one[key]));
      const ratio = (key: keyof Taken) =>
        median(each.map((one, round) => one[key] / (ours[round]?.[key] ?? Number.NaN)));
      const cell = (key: keyof Taken, decimals: number) => {
        const all = each.map((one) => one[key]);
        const spread = `${Math.min(...all).toFixed(decimals)}–${Math.max(...all).toFixed(decimals)}`;
        return `${of(key).toFixed(decimals)} (${spread}) | ${ratio(key).toFixed(1)}×`;
      };
      lines.push(
        `| ${form} | ${name} | ${cell('userSec', 2)} | ${cell('cpuSec', 2)} | ${cell('wallSec', 1)} | ${cell('peakMb', 0)} |`,
      );
    }
    if (python === null) lines.push(`| ${form} | pandas | not to be had here | | | | | | | |`);
  }
  process.stdout.write(
    `${[
      '| columns | reader | user, s | to orch | CPU, s | to orch | wall, s | to orch | peak, MB | to orch |',
      '|---|---|---|---|---|---|---|---|---|---|',
      ...lines,
      '',
      `${rows} rows, ${rounds} rounds, load average ${loadavg()
        .map((load) => load.toFixed(1))
        .join(', ')}`,
    ].join('\n')}\n`,
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}
