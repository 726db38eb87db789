import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifestOf } from '../src/testing/run-files.ts';
import { Workshop } from './support.ts';

describe('orch runs', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.close());

  function makeRun(id: string, files: Readonly<Record<string, string>>): void {
    mkdirSync(shop.path('runs', id), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(shop.path('runs', id, name), text);
  }

  it('says of each run how it ended, of a foreign one that it is that, and what cannot be told', async () => {
    makeRun('ended', {
      'manifest.json': manifestOf({ counts: { due: 4, ok: 3, fail: 1, unknown: 0, dropped: 0 } }),
    });
    makeRun('late', { 'manifest.json': manifestOf({ conclusive: false }) });
    const here = { name: hostname(), os: 'linux', cpus: 2, memory_mb: 4096 };
    makeRun('unfinished', {
      'manifest.json': manifestOf({ status: 'running', started_at_sec: 2000, host: here }),
    });
    makeRun('away', { 'manifest.json': manifestOf({ status: 'running' }) });
    makeRun('foreign-http', { 'metrics.csv': 'timestamp,node,status_code,latency_ms,error\n' });
    makeRun('foreign-redis', { 'redis_metrics.csv': 'timestamp,node,status_code,latency_ms,error\n' });
    makeRun('broken', { 'manifest.json': '{' });
    makeRun('nothing', {});
    const { code, stdout } = await shop.orch(['runs']);
    expect(code).toBe(0);
    const shown = stdout
      .split('\n')
      .flatMap((line) => /^\s*(\S+)\s{2,}(\S+(?: \S+)*)\s{2}/.exec(line)?.slice(1, 3).join(': ') ?? []);
    expect(shown.slice(1).sort()).toEqual([
      'away: elsewhere',
      'broken: unreadable',
      'ended: complete',
      'foreign-http: foreign',
      'foreign-redis: foreign',
      'late: complete, inconclusive',
      'nothing: no data',
      'unfinished: cut off (orch recover)',
    ]);
    const listed: unknown = JSON.parse((await shop.orch(['runs', '--json'])).stdout);
    expect(listed).toContainEqual(
      expect.objectContaining({ run_id: 'ended', status: 'complete', conclusive: true, error_rate: 0.25 }),
    );
    expect(listed).toContainEqual(
      expect.objectContaining({ run_id: 'foreign-http', status: 'foreign', conclusive: null, due: null }),
    );
    expect(listed).toContainEqual(expect.objectContaining({ run_id: 'unfinished', status: 'cut off' }));
  });
});
