import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildAnalysis } from '../testing/analysis-builder.ts';
import { plotComparison, plotThroughput } from './plot.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'orch-plot-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('plot', () => {
  it('writes both charts as PNG and SVG, and nothing else', async () => {
    const analysis = buildAnalysis();
    const paths = [
      ...(await plotThroughput(analysis, directory)),
      ...(await plotComparison(analysis, directory)),
    ];
    const names = ['throughput.png', 'throughput.svg', 'comparison.png', 'comparison.svg'];
    expect(paths).toEqual(names.map((name) => join(directory, name)));
    expect((await readdir(directory)).sort()).toEqual(names.toSorted());
    for (const path of paths) {
      const start = (await readFile(path)).subarray(0, 4).toString('latin1');
      expect(start).toBe(path.endsWith('.png') ? '\x89PNG' : '<svg');
    }
  });

  it('replaces charts of an earlier time', async () => {
    const [, path = ''] = await plotThroughput(buildAnalysis(), directory);
    const before = await readFile(path, 'utf8');
    await plotThroughput(buildAnalysis({ faults: [] }), directory);
    expect(before).toContain('kill service-node-2');
    expect(await readFile(path, 'utf8')).not.toContain('kill service-node-2');
  });

  it('says which file could not be written', async () => {
    await expect(plotThroughput(buildAnalysis(), join(directory, 'gone'))).rejects.toMatchObject({
      code: 'file-not-found',
      message: expect.stringContaining('throughput.png'),
    });
  });
});
