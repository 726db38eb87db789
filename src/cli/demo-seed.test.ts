import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateYaml } from '../config/validate.ts';
import { scenarioSchema } from '../model/scenario.ts';
import { MemoryRun } from '../testing/memory-run.ts';
import { demoSeed } from './options.ts';

describe('the quick demo', () => {
  it('shows what the failure of one of three nodes costs: about a third of the requests', async () => {
    const path = new URL('../../scenarios/quick/node_failure.yaml', import.meta.url);
    // The second of the nodes in memory stands for the second of the demo's.
    const text = readFileSync(path, 'utf8').replaceAll('service-node-2', 'b');
    const run = new MemoryRun();
    await run.execute(validateYaml(text, 'node_failure.yaml', scenarioSchema).value, demoSeed);
    const during = run.records.filter(({ phase }) => phase === 'failure');
    const share = during.filter(({ outcome }) => outcome !== 'ok').length / during.length;
    expect(Math.abs(share - 1 / 3)).toBeLessThan(0.02);
  });
});
