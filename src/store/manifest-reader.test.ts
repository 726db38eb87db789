import { expect, test } from 'vitest';
import { manifestOf, runOf } from '../testing/run-files.ts';
import { readManifest } from './manifest-reader.ts';

async function read(json: string) {
  const run = await runOf({ 'manifest.json': json });
  return readManifest(run.manifest);
}

test('a manifest comes back as it was written', async () => {
  const json = manifestOf({ seed: 42, lost_steady_state: ['orders are taken'] });
  expect(await read(json)).toEqual({ manifest: JSON.parse(json), problem: null });
});

test('a run of another origin has none, which is no problem', async () => {
  const run = await runOf({});
  expect(await readManifest(run.manifest)).toEqual({ manifest: null, problem: null });
});

test.each([
  ['', /JSON/],
  [manifestOf().slice(0, 100), /JSON/],
  ['{"format":1}', /run_id/],
  ['[]', /object/],
])('%j cannot be read, and it is told why', async (json, problem) => {
  const reading = await read(json);
  expect(reading.manifest).toBeNull();
  expect(reading.problem).toMatch(/^manifest\.json cannot be read: /);
  expect(reading.problem).toMatch(problem);
});
