import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../clock/system.ts';
import { takeLock } from '../control/lock.ts';
import type { Manifest } from '../model/manifest.ts';
import { type RunDir, runDir } from '../store/run-dir.ts';
import { MemoryDriver } from '../testing/memory-driver.ts';
import { canMount } from '../testing/requirements.ts';
import { eventsOf, manifestOf, runOf, temporaryDir } from '../testing/run-files.ts';
import { openFaults } from './fault-life.ts';
import { rescue, type RescueOptions } from './rescue.ts';
import { Watch } from './watch.ts';

const undo = { driver: 'docker', incarnation: 'a#1', settle_ms: 0, limit_ms: 60_000, how: 'starting it' };
const fault = { type: 'fault', id: 'f1', kind: 'kill', node: 'a', phase: 'failure' } as const;
const journal = eventsOf(1000, [
  [0, { ...fault, state: 'requested', undo }],
  [1, { ...fault, state: 'effective' }],
]);
const running = (change: Partial<Manifest> = {}) => manifestOf({ status: 'running', ...change });

async function killed(): Promise<MemoryDriver> {
  const driver = new MemoryDriver(systemClock, ['a']);
  await driver.kill('a');
  return driver;
}

function rescueOf(dir: RunDir, driver: MemoryDriver, change: Partial<RescueOptions> = {}) {
  return rescue({
    dir,
    clock: systemClock,
    by: 'guardian',
    why: 'orch was killed',
    pid: process.pid,
    patienceMs: 1_000,
    refusals: 3,
    reach: async () => ({ driver, disturbers: [], serves: async () => true, close: () => Promise.resolve() }),
    tidy: () => Promise.resolve(),
    ...change,
  });
}

describe('a rescue', () => {
  it('tidies what belongs to no fault, of a run that had not begun too, and tells where it cannot', async () => {
    const tidied: string[] = [];
    const tidy: RescueOptions['tidy'] = async ({ driver }, runPath) => {
      tidied.push(`${driver.name} ${runPath}`);
      throw new Error('the engine is away');
    };
    for (const events of [undefined, journal]) {
      const manifest = running({ driver: { name: 'docker', reason: 'asked for' } });
      const journaled = events === undefined ? {} : { 'events.jsonl': events };
      const dir = await runOf({ 'manifest.json': manifest, ...journaled });
      const { hadBegun, problems, undone } = await rescueOf(dir, await killed(), { tidy });
      expect(hadBegun).toBe(events !== undefined);
      expect(undone).toHaveLength(events === undefined ? 0 : 1);
      expect(problems).toEqual(['the engine is away']);
      expect(tidied.splice(0)).toEqual([`docker ${dir.path}`]);
    }
  });

  it.skipIf(!canMount())(
    'undoes on a disk that has become read-only, and tells that after the deed',
    async () => {
      const root = await temporaryDir();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', root]);
      onTestFinished(() => void execFileSync('umount', [root]));
      const dir = runDir(root, 'run');
      await mkdir(dir.path);
      await writeFile(dir.events, journal);
      await writeFile(dir.manifest, running());
      execFileSync('mount', ['-o', 'remount,ro', root]);
      const driver = await killed();
      const { undone, problems } = await rescueOf(dir, driver);
      expect(driver.stateOf('a')).toBe('running');
      expect(undone).toEqual(['a killed: the node answers']);
      expect(problems).toEqual(
        ['events.jsonl', 'manifest.json'].map((file) => expect.stringContaining(file)),
      );
    },
  );

  it('undoes where the directory was removed, from what was last seen of it', async () => {
    const dir = await runOf({ 'events.jsonl': journal, 'manifest.json': running() });
    const watch = new Watch(dir, systemClock);
    expect(await watch.isOverdue()).toBe(false);
    await rm(dir.path, { recursive: true });
    expect(await watch.isOverdue()).toBe(false);
    const driver = await killed();
    const { undone } = await rescueOf(dir, driver, { known: watch.known });
    expect(undone).toEqual(['a killed: the node answers']);
    expect(driver.stateOf('a')).toBe('running');
  });

  it('takes nothing away but what never began: rows stay, and so do directories of a run of another origin', async () => {
    const rows = 'timestamp,node,status_code,latency_ms,error\n1000.5,a,200,5,\n';
    const withRows = await runOf({ 'manifest.json': running(), 'metrics.csv': rows });
    expect((await rescueOf(withRows, await killed())).hadBegun).toBe(true);
    expect(JSON.parse(await readFile(withRows.manifest, 'utf8'))).toMatchObject({
      status: 'interrupted',
      counts: { due: 1, ok: 1 },
    });
    const foreign = await runOf({ 'metrics.csv': rows });
    await mkdir(foreign.nodes);
    await writeFile(join(foreign.nodes, 'mine.txt'), 'a user’s own');
    await rescueOf(foreign, await killed());
    expect(existsSync(join(foreign.nodes, 'mine.txt'))).toBe(true);
    const unbegun = await runOf({ 'manifest.json': running() });
    expect((await rescueOf(unbegun, await killed())).hadBegun).toBe(false);
    expect(existsSync(unbegun.path)).toBe(false);
  });

  it('says of writes that nobody has read back why they cannot be read any more', async () => {
    const check = { type: 'check', check: 'c', prefix: 'run.1', nodes: ['a'], asked: null };
    const about = { check: 'c', token: 'run.1.1', node: 'a', sent_ms: 1, done_ms: 2, error: '' };
    const ledger = [check, { type: 'write', ...about, outcome: 'acknowledged' }].map((line) =>
      JSON.stringify(line),
    );
    for (const [driver, why] of [
      ['process', 'its embedded nodes ended with it'],
      ['docker', 'how they are read is secret in part, and was not kept'],
    ] as const) {
      const manifest = running({ driver: { name: driver, reason: '' } });
      const dir = await runOf({ 'events.jsonl': journal, 'manifest.json': manifest });
      await writeFile(dir.writes, `${ledger.join('\n')}\n{"type":"wri`);
      expect((await rescueOf(dir, await killed())).problems).toContain(
        `its writes were not read back: ${why}`,
      );
      expect(JSON.parse(await readFile(dir.manifest, 'utf8'))).toMatchObject({ correctness_reason: why });
    }
  });

  it('keeps off nodes that another run has begun to use, and is there to be done again', async () => {
    const lock = `node test ${process.pid}`;
    const dir = await runOf({ 'events.jsonl': journal, 'manifest.json': running({ locks: [lock] }) });
    const other = await takeLock(lock, { role: 'run', pid: process.pid, run_id: 'other' });
    const driver = await killed();
    await expect(rescueOf(dir, driver, { patienceMs: 300 })).rejects.toMatchObject({
      code: 'run-active',
      message: expect.stringContaining('the run other'),
    });
    expect(driver.stateOf('a')).toBe('stopped');
    await other.lock?.release();
    expect((await rescueOf(dir, driver)).undone).toHaveLength(1);
    expect(driver.stateOf('a')).toBe('running');
  });

  it('tells of lines of the journal that cannot be read, and undoes what can be', async () => {
    const torn = `${journal}{"type":"fault","id":"f2","ki\n`;
    const manifest = running({ driver: { name: 'docker', reason: '' } });
    const dir = await runOf({ 'events.jsonl': torn, 'manifest.json': manifest });
    const { undone, problems, stillBroken } = await rescueOf(dir, await killed());
    expect(undone).toHaveLength(1);
    expect(problems).toEqual([expect.stringContaining('events.jsonl line 3 is no event')]);
    // What it said of further faults is not known: that is not in order before somebody has looked.
    expect(stillBroken).toEqual([expect.stringMatching(/^the journal is damaged .*see that a are well/)]);
    expect((await rescueOf(dir, await killed())).stillBroken).toHaveLength(1);
  });
  it('does not call a run in order whose journal was removed, unless its nodes ended with it', async () => {
    const rows = 'timestamp,node,status_code,latency_ms,error\n1000.5,a,200,5,\n';
    const docker = running({ driver: { name: 'docker', reason: '' } });
    const dir = await runOf({ 'manifest.json': docker, 'metrics.csv': rows });
    const missing = 'its journal, events.jsonl, is missing';
    // As often as it is asked: the first time has made the manifest say `interrupted`.
    for (let time = 0; time < 2; time += 1) {
      const { stillBroken, problems } = await rescueOf(dir, await killed());
      expect(stillBroken).toEqual([`${missing}: see that a are well, then remove the run’s directory`]);
      expect(problems).toEqual([missing]);
    }
    expect(JSON.parse(await readFile(dir.manifest, 'utf8'))).toMatchObject({
      still_broken: [expect.stringContaining('is missing')],
    });
    const embedded = await runOf({ 'manifest.json': running(), 'metrics.csv': rows });
    expect(await rescueOf(embedded, await killed())).toMatchObject({ stillBroken: [], problems: [missing] });
    const ended = await runOf({
      'manifest.json': manifestOf({ driver: { name: 'docker', reason: '' } }),
      'metrics.csv': rows,
    });
    expect(await rescueOf(ended, await killed())).toMatchObject({ stillBroken: [], problems: [missing] });
  });

  it('undoes from memory what a journal that has become a directory does not tell any more', async () => {
    const dir = await runOf({ 'events.jsonl': journal, 'manifest.json': running() });
    const watch = new Watch(dir, systemClock);
    await watch.isOverdue();
    await rm(dir.events);
    await mkdir(dir.events);
    const driver = await killed();
    expect((await rescueOf(dir, driver, { known: watch.known })).undone).toHaveLength(1);
    expect(driver.stateOf('a')).toBe('running');
  });
});

it('a fault whose intent is not to be read is not open: nothing is known to undo', () => {
  expect(openFaults([{ ...fault, state: 'effective', run_ms: 0, wall_sec: 1000 }])).toEqual([]);
});
