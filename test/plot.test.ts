import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { csvOf, rowsAt } from '../src/testing/run-files.ts';
import { Workshop } from './support.ts';

describe('orch plot without --baseline', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
    for (const id of ['calm', 'failure']) {
      mkdirSync(shop.path('runs', id), { recursive: true });
      writeFileSync(shop.path('runs', id, 'metrics.csv'), csvOf(rowsAt({ from: 1000, rps: 50, count: 500 })));
    }
  });
  afterEach(() => shop.close());

  const plot = () => shop.orch(['plot', '--run', 'failure']);
  const over = ['runs/failure/throughput.png', 'runs/failure/throughput.svg'];
  const against = ['runs/failure/comparison.png', 'runs/failure/comparison.svg'];

  it('draws only the chart over time, and says why', async () => {
    const { stdout, stderr } = await plot();
    expect(stdout.trimEnd().split('\n')).toEqual(over);
    expect(stderr).toBe('no baseline: comparison.png needs --baseline ID\n');
  });

  it('takes the baseline of the last analysis, and says so; one that is gone is none', async () => {
    await shop.orch(['analyze', '--baseline', 'calm', '--run', 'failure']);
    const drawn = await plot();
    expect(drawn.stdout.trimEnd().split('\n')).toEqual([...over, ...against]);
    expect(drawn.stderr).toBe('baseline: calm, as in the last analysis of this run\n');
    rmSync(shop.path('runs/calm'), { recursive: true });
    const { code, stdout, stderr } = await plot();
    expect({ code, files: stdout.trimEnd().split('\n') }).toEqual({ code: 0, files: over });
    expect(stderr).toMatch(/^no baseline/);
  });
});
