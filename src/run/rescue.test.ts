import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock/system.ts';
import { runDir } from '../store/run-dir.ts';
import { MemoryDriver } from '../testing/memory-driver.ts';
import { canMount } from '../testing/requirements.ts';
import { eventsOf, manifestOf, temporaryDir } from '../testing/run-files.ts';
import { rescue } from './rescue.ts';

const undo = { driver: 'docker', incarnation: 'a#1', settle_ms: 0, limit_ms: 60_000, how: 'starting it' };
const fault = { type: 'fault', id: 'f1', kind: 'kill', node: 'a', phase: 'failure' } as const;

test.skipIf(!canMount())('a run whose disk has become read-only is undone all the same', async () => {
  const root = await temporaryDir();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', root]);
  onTestFinished(() => void execFileSync('umount', [root]));
  const dir = runDir(root, 'run');
  await mkdir(dir.path);
  const lines = [
    [0, { ...fault, state: 'requested', undo }],
    [1, { ...fault, state: 'effective' }],
  ] as const;
  await writeFile(dir.events, eventsOf(1000, lines));
  await writeFile(dir.manifest, manifestOf({ status: 'running' }));
  execFileSync('mount', ['-o', 'remount,ro', root]);
  const driver = new MemoryDriver(systemClock, ['a']);
  await driver.kill('a');
  const rescued = rescue({
    dir,
    clock: systemClock,
    by: 'guardian',
    why: 'orch was killed',
    patienceMs: 1_000,
    refusals: 3,
    reach: async () => ({ driver, serves: async () => true, close: () => Promise.resolve() }),
  });
  // That it could not be written down is told, after the deed.
  await expect(rescued).rejects.toMatchObject({ name: 'OrchError' });
  expect(driver.stateOf('a')).toBe('running');
});
