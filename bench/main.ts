import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { askedFor, orEnd } from './options.ts';

/**
 * `npm run bench [-- BENCHMARK…] [OPTION…]`: every benchmark, or those that are named, one after the other; each is a script
 * of its own beside this one, and is told those of the options that it knows. See bench/README.md.
 */
const all = ['load', 'redis', 'layers', 'fidelity', 'csv', 'start', 'proxy'] as const;
const asked = orEnd(() => askedFor(process.argv.slice(2), all));

process.stdout.write(`Node ${process.versions.node}, ${cpus().length} cores\n`);
for (const { benchmark, args } of asked) {
  const load = loadavg().map((average) => average.toFixed(1));
  process.stdout.write(`\n## ${benchmark} (load average before: ${load.join(', ')})\n\n`);
  const script = join(import.meta.dirname, `${benchmark}.ts`);
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
