import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../src/testing/requirements.ts';
import { type Finished, root, Workshop } from './support.ts';

/** The scenario as it is shipped, on a real primary and its replica: once as it is, and once with writes that wait. */
describe.skipIf(!needs('redis'))('a primary that is killed while its replica is cut off', () => {
  const shop = new Workshop();
  const ended: Finished[] = [];
  beforeAll(async () => {
    shop.write('config.yaml', readFileSync(join(root, 'config.replicas.yaml'), 'utf8'));
    const times = ['calm_sec=1', 'cut_sec=1', 'down_sec=2'].flatMap((value) => ['--set', value]);
    for (const wait of [0, 1]) {
      const scenario = join(root, 'scenarios/redis_lost_writes.yaml');
      const args = ['run', '--scenario', scenario, '--run-id', `wait-${wait}`, '--driver', 'process'];
      ended.push(await shop.orch([...args, ...times, '--set', `wait=${wait}`]));
    }
  }, 60_000);
  afterAll(() => shop.close());
  const found = (run: string) => {
    const { correctness } = shop.manifest(run);
    const check = correctness?.checks[0];
    if (check === undefined) throw new Error(`${run} checked nothing`);
    return check;
  };

  it('loses what it acknowledged alone, and each is named', async () => {
    expect(ended[0]?.code, ended[0]?.stderr).toBe(0);
    const check = found('wait-0');
    // Fifty a second, for a second.
    expect(check.lost).toBeGreaterThan(30);
    expect(check.lost).toBeLessThanOrEqual(60);
    expect(check).toMatchObject({ duplicates: 0, unread: 0, read_from: 'redis-node-2' });
    const ledger = readFileSync(shop.path('runs', 'wait-0', 'writes.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    const lines = ledger.map((line) => JSON.parse(line) as Record<string, unknown>);
    const missing = lines.filter(({ type, times }) => type === 'read_back' && times === 0);
    const acknowledged = new Map(
      lines.flatMap(({ type, token, outcome, node, done_ms: doneMs }) =>
        type === 'write' && outcome === 'acknowledged' ? [[token, { node, doneMs: Number(doneMs) }]] : [],
      ),
    );
    const lost = missing.flatMap(({ token }) => acknowledged.get(token) ?? []);
    expect(lost).toHaveLength(check.lost);
    expect(new Set(lost.map(({ node }) => node))).toEqual(new Set(['redis-node-1']));
    // While the primary was alone: from the cut to the kill.
    expect(lost.every(({ doneMs }) => doneMs > 950 && doneMs < 2500)).toBe(true);

    const { stdout } = await shop.orch(['analyze', '--baseline', 'wait-1', '--run', 'wait-0']);
    expect(stdout).toContain('lost: wait-0.1.');
    expect(shop.analysis('wait-0').correctness?.lost_writes).toBe(check.lost);
  });

  it('loses nothing where a write counts only when the replica has it too', () => {
    expect(ended[1]?.code, ended[1]?.stderr).toBe(0);
    const check = found('wait-1');
    expect(check).toMatchObject({ lost: 0, duplicates: 0, unread: 0 });
    // Until the primary hears of its replica, for up to a second, writes wait.
    expect(check.acknowledged).toBeGreaterThan(0);
    expect(check.indeterminate).toBeGreaterThan(0);
  });
});
