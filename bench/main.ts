import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

/**
 * `npm run bench [-- PART…]`: every benchmark, or those that are named, one after the other; each is a script of its own
 * beside this one, with options of its own. See bench/README.md.
 */
const parts = ['load', 'redis', 'layers', 'fidelity', 'csv', 'start', 'proxy'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => !parts.includes(part));
if (unknown.length > 0) {
  process.stderr.write(`no such part: ${unknown.join(', ')}; there are ${parts.join(', ')}\n`);
  process.exit(1);
}

process.stdout.write(`Node ${process.versions.node}, ${cpus().length} cores\n`);
for (const part of wanted.length === 0 ? parts : wanted) {
  const load = loadavg().map((average) => average.toFixed(1));
  process.stdout.write(`\n## ${part} (load average before: ${load.join(', ')})\n\n`);
  const script = join(import.meta.dirname, `${part}.ts`);
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
