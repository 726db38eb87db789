import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf, manifestOf } from '../src/testing/run-files.ts';
import { expectError } from './bad-input/expect-error.ts';
import { scenarioText, Workshop } from './support.ts';

/** A run's files may be damaged by hand, or by a disk: what is known of its faults then is not enough, or is. */
describe('orch recover', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.close());

  const rows = 'timestamp,node,status_code,latency_ms,error\n1000.5,a,200,5,\n';
  const cutOff = manifestOf({
    run_id: 'r',
    status: 'running',
    host: { name: hostname(), os: 'linux', cpus: 2, memory_mb: 4096 },
    driver: { name: 'docker', reason: '' },
  });
  const events = eventsOf(1000, [
    [0, { type: 'run_started', run_id: 'r', driver: 'docker', driver_reason: '' }],
    [1, { type: 'run_ended', status: 'complete' }],
  ]);
  const lay = (files: Readonly<Record<string, string>>) => {
    mkdirSync(shop.path('runs/r'), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(shop.path('runs/r', name), text);
  };
  const beginAnother = async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    return shop.orch(['run', '--scenario', 's.yaml', '--driver', 'process']);
  };

  it('does not call a run of containers in order whose journal is missing', async () => {
    lay({ 'manifest.json': cutOff, 'metrics.csv': rows });
    for (const args of [['recover'], ['recover', 'r']]) {
      const { code, stdout, stderr } = await shop.orch(args);
      expect(code, stderr).toBe(3);
      expect(stdout).toContain('r is not in order');
      expect(stdout).toContain('its journal, events.jsonl, is missing: see that a are well');
      expect(stdout).not.toContain('warning');
    }
    expectError(await beginAnother(), 104, '[run-unfinished]');
  });

  it('ends what is left of embedded nodes where a run was killed with its last manifest written', async () => {
    const complete = manifestOf({
      ...JSON.parse(cutOff),
      status: 'complete',
      driver: { name: 'process', reason: '' },
    });
    lay({ 'manifest.json': complete, 'metrics.csv': rows, 'events.jsonl': events });
    mkdirSync(shop.path('runs/r/nodes/service-node-1'), { recursive: true });
    expectError(
      await beginAnother(),
      104,
      'r was killed before its embedded nodes had ended',
      '[run-unfinished]',
    );
    const { code, stdout, stderr } = await shop.orch(['recover']);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('r is in order');
    expect(existsSync(shop.path('runs/r/nodes'))).toBe(false);
    expect((await beginAnother()).code).toBe(0);
  });

  it('mentions a manifest that cannot be read, which keeps no other run from its turn', async () => {
    lay({ 'manifest.json': '{', 'metrics.csv': rows, 'events.jsonl': events });
    const { code, stdout, stderr } = await shop.orch(['recover']);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^r is in order\n {2}warning: manifest\.json cannot be read: /);
    expect((await beginAnother()).code).toBe(0);
  });

  it('says that nothing is known of a run of which neither manifest nor journal can be read', async () => {
    lay({ 'manifest.json': '{', 'metrics.csv': rows });
    const { code, stdout } = await shop.orch(['recover']);
    expect(code).toBe(3);
    expect(stdout).toContain('its journal, events.jsonl, is missing: see that its nodes are well');
    expectError(await beginAnother(), 104, 'left no journal to go by', '[run-unfinished]');
  });

  it.each([
    ['events.jsonl', 'manifest.json', cutOff],
    ['manifest.json', 'events.jsonl', events],
  ])('finds a directory in place of %s, and says so', async (place, other, text) => {
    lay({ [other]: text, 'metrics.csv': rows });
    mkdirSync(shop.path('runs/r', place));
    for (const args of [['recover'], ['recover', 'r']])
      expectError(await shop.orch(args), 104, `r/${place} is a directory, not a file [file-not-found]`);
    expectError(await beginAnother(), 104, '[run-unfinished]');
  });
});
