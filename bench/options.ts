import { parseArgs } from 'node:util';

/** What each benchmark may be told, as `--rounds 3`, and what it is where nothing is said; `''` is what has no default. */
export const benchmarks = {
  load: { rounds: '5', sec: '8', rps: '1000' },
  redis: { rounds: '5', sec: '8' },
  layers: { rounds: '7', sec: '2' },
  fidelity: { rounds: '5', sec: '8' },
  csv: { rows: '10000000', rounds: '3', python: '' },
  start: { rounds: '15' },
  proxy: { rounds: '5' },
  soak: { sec: '600', rps: '5000' },
};

export type Benchmark = keyof typeof benchmarks;
type Options<B extends Benchmark> = Readonly<(typeof benchmarks)[B]>;

/** What this process, a benchmark, was told. Where that is wrong it ends with 2, and a line that says why. */
export function given<B extends Benchmark>(benchmark: B): Options<B> {
  return orEnd(() => optionsOf(benchmark, process.argv.slice(2)));
}

export function orEnd<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/** @throws Error where an option is unknown, or is no number; its message is for the user */
export function optionsOf<B extends Benchmark>(benchmark: B, args: readonly string[]): Options<B> {
  const usual: Readonly<Record<string, string>> = benchmarks[benchmark];
  const { values } = parsed(args, Object.keys(usual), false);
  for (const [name, value] of Object.entries(values))
    if (usual[name] !== '' && !(Number(value) > 0))
      throw new Error(`--${name} must be a number above 0, not ${value}`);
  return { ...benchmarks[benchmark], ...values };
}

/** One of several benchmarks that were asked for together, with those of the options that it knows. */
export interface Asked {
  readonly benchmark: Benchmark;
  readonly args: readonly string[];
}

/**
 * Which of several benchmarks are asked for: those that are named, or all.
 * @throws Error where one does not exist, or an option is none of any; its message is for the user
 */
export function askedFor(args: readonly string[], all: readonly Benchmark[]): readonly Asked[] {
  const known = all.flatMap((benchmark) => Object.keys(benchmarks[benchmark]));
  const { values, positionals } = parsed(args, known, true);
  const strangers = positionals.filter((name) => !all.some((one) => one === name));
  if (strangers.length > 0)
    throw new Error(`no such benchmark: ${strangers.join(', ')}; there are ${all.join(', ')}`);
  const wanted = positionals.length === 0 ? all : all.filter((one) => positionals.includes(one));
  for (const name of Object.keys(values))
    if (!wanted.some((one) => name in benchmarks[one]))
      throw new Error(`--${name} is no option of ${wanted.join(', ')}`);
  return wanted.map((benchmark) => ({
    benchmark,
    args: Object.entries(values).flatMap(([name, value]) =>
      name in benchmarks[benchmark] ? [`--${name}`, value] : [],
    ),
  }));
}

interface Parsed {
  readonly values: Readonly<Record<string, string>>;
  readonly positionals: readonly string[];
}

function parsed(args: readonly string[], names: readonly string[], allowPositionals: boolean): Parsed {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals });
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { values: Object.fromEntries(given), positionals };
}
