import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeRuns } from '../src/analyze/analyze.ts';
import { configSchema } from '../src/model/config.ts';
import type { Manifest } from '../src/model/manifest.ts';
import { needs } from '../src/testing/requirements.ts';
import { csvOf, eventsOf, manifestOf, type RunFiles, rowsAt, runOf } from '../src/testing/run-files.ts';
import { root } from './support.ts';

/** What docs/results.md has jq hold against analysis.json. */
function gate(): string {
  const page = readFileSync(join(root, 'docs/results.md'), 'utf8');
  const filter = /^jq -e '([^']+)' analysis\.json$/m.exec(page)?.[1];
  if (filter === undefined) throw new Error('docs/results.md has no line that begins with jq -e');
  return filter;
}

/** Thirty seconds at 50 a second, in some of which a fifth fails. */
function rowsFailing(from: number, to: number): string {
  return csvOf(
    rowsAt({ from: 1000, rps: 50, count: 1500 }, (sec, index) =>
      sec >= from && sec < to && index % 5 === 0 ? { error: 'ECONNREFUSED', status_code: 0 } : {},
    ),
  );
}

const manifest = (change: Partial<Manifest> = {}) => {
  const counts = { due: 1500, ok: 1500, fail: 0, unknown: 0, dropped: 0 };
  return { 'manifest.json': manifestOf({ counts, ...change }) };
};
const calm: RunFiles = { 'metrics.csv': rowsFailing(0, 0), ...manifest() };
const recovering: RunFiles = { 'metrics.csv': rowsFailing(10, 20), ...manifest() };

async function passes(run: RunFiles, baseline = calm): Promise<boolean> {
  const analysis = await analyzeRuns({
    baseline: await runOf(baseline, 'calm'),
    run: await runOf(run, 'failure'),
    thresholds: configSchema.parse({}).anomaly_detection,
  });
  const { status, stderr } = spawnSync('jq', ['-e', gate()], {
    input: JSON.stringify(analysis),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return status === 0;
}

describe.skipIf(!needs('jq'))('the gate that docs/results.md shows', () => {
  it.each<[string, RunFiles]>([
    ['recovers in time', recovering],
    ['withstands its fault', calm],
  ])('passes a run that %s', async (_, run) => {
    expect(await passes(run)).toBe(true);
  });

  const ineffective = eventsOf(1000, [
    [9, { type: 'fault', id: 'f1', kind: 'kill', node: 'b', phase: 'failure', state: 'requested' }],
    [15, { type: 'fault', id: 'f1', kind: 'kill', node: 'b', phase: 'failure', state: 'ineffective' }],
  ]);
  it.each<[string, RunFiles]>([
    ['was interrupted', { ...recovering, ...manifest({ status: 'interrupted', reason: 'SIGINT' }) }],
    ['failed', { ...recovering, ...manifest({ status: 'failed', reason: 'the disk filled up' }) }],
    ['was cut off', { ...recovering, ...manifest({ status: 'running' }) }],
    ['has no manifest', { 'metrics.csv': rowsFailing(10, 20) }],
    ['never recovered', { ...recovering, 'metrics.csv': rowsFailing(10, 30) }],
    ['was still failing in its very last second', { ...recovering, 'metrics.csv': rowsFailing(29, 30) }],
    ['had a fault without effect', { ...recovering, 'events.jsonl': ineffective }],
    ['took too long', { ...recovering, 'metrics.csv': rowsFailing(2, 29) }],
  ])('fails a run that %s', async (_, run) => {
    expect(await passes(run)).toBe(false);
  });

  it('fails a run whose baseline was interrupted', async () => {
    expect(await passes(recovering, { ...calm, ...manifest({ status: 'interrupted' }) })).toBe(false);
  });
});
