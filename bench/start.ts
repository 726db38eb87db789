import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measured, type Usage } from './measured.ts';
import { given } from './options.ts';
import { orch } from './orch.ts';
import { type Comparison, ratioTable } from './table.ts';

/** `node bench/start.ts [--rounds N]`: how long the commands take that only start. See bench/README.md. */
const values = given('start');
const root = join(import.meta.dirname, '..');
const launcher = join(root, 'bin', 'orch');
const scenario = join(root, 'scenarios', 'node_failure.yaml');

const bare = [process.execPath, '-e', '0'];
const starts = [
  { name: 'orch --help', words: [...orch, '--help'], goal: { atMost: 3 } },
  { name: 'orch validate', words: [...orch, 'validate', scenario], goal: { atMost: 6 } },
  { name: 'bin/orch --help, which looks for a Node first', words: [launcher, '--help'] },
  { name: 'bin/orch validate', words: [launcher, 'validate', scenario] },
];

const dir = mkdtempSync(join(tmpdir(), 'orch-bench-'));
const bareUses: Usage[] = [];
const uses = starts.map(() => [] as Usage[]);
try {
  for (let round = 0; round < Number(values.rounds); round += 1) {
    bareUses.push(await measured({ words: bare }, dir));
    for (const [index, { words }] of starts.entries()) uses[index]?.push(await measured({ words }, dir));
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

const msOf = (usages: readonly Usage[]) => usages.map(({ wallSec }) => wallSec * 1000);
const rows = starts.map(({ name, goal }, index): Comparison => {
  const ours = msOf(uses[index] ?? []);
  return { what: `${name}, ms`, peer: 'node -e 0', ours, theirs: msOf(bareUses), ...(goal && { goal }) };
});
process.stdout.write(`${values.rounds} rounds\n\n${ratioTable(rows)}\n`);
