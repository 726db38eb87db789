import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workshop } from './support.ts';

describe('orch recover', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.close());

  const lay = (run: string, ...files: readonly string[]) => {
    mkdirSync(shop.path('runs', run), { recursive: true });
    for (const file of files) writeFileSync(shop.path('runs', run, file), '');
  };

  it('takes back the directory of a run that was killed before its first manifest was written', async () => {
    lay('empty');
    lay('half', 'manifest.json.0123abcd.tmp');
    const { code, stdout, stderr } = await shop.orch(['recover']);
    expect(code, stderr).toBe(0);
    expect(stdout.match(/killed before it had begun/g)).toHaveLength(2);
    expect(existsSync(shop.path('runs/empty'))).toBe(false);
    expect(existsSync(shop.path('runs/half'))).toBe(false);
    expect((await shop.orch(['recover'])).stdout).toContain('is in order');
  });

  it('leaves a run of another origin, which has no manifest, as it is', async () => {
    lay('theirs', 'metrics.csv');
    const { code, stdout } = await shop.orch(['recover']);
    expect(code).toBe(0);
    expect(stdout).toBe('every run in runs is in order\n');
    expect(existsSync(shop.path('runs/theirs/metrics.csv'))).toBe(true);
  });
});
