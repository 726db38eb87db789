import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../model/manifest.ts';
import { MemoryWorld } from '../testing/memory-world.ts';
import { temporaryDir } from '../testing/run-files.ts';
import { seriesAsked } from './repeat-run.ts';
import { runCommand } from './run-command.ts';

const load = '{ type: start_load, target: all_nodes, rps: 50 }';
const kill = '{ type: kill_node, target: a, duration_sec: 0.1 }';
const ask = '{ type: run_command, run: ["true"] }';

async function workshop(...actions: readonly string[]) {
  const cwd = await temporaryDir();
  await writeFile(join(cwd, 'config.yaml'), 'http_nodes: ["http://127.0.0.1:19"]\nhttp_services: [a]\n');
  const write = async (name: string, list: readonly string[]) => {
    const phase = `{ name: p, duration_sec: 0.3, actions: [${list.join(', ')}] }`;
    await writeFile(join(cwd, `${name}.yaml`), `name: ${name}\nphases: [${phase}]\n`);
    return join(cwd, `${name}.yaml`);
  };
  const memory = new MemoryWorld(cwd, ['a']);
  const options = {
    scenario: await write('faulty', [load, ...actions]),
    runs: join(cwd, 'runs'),
    runId: 's',
  };
  const manifest = async (id: string) =>
    JSON.parse(await readFile(join(cwd, 'runs', id, 'manifest.json'), 'utf8')) as Manifest;
  return { memory, options, manifest, calm: await write('calm', [load]), runs: () => readdir(options.runs) };
}

test('a scenario that asks something is no baseline for itself, and another one can be', async () => {
  const { memory, options, manifest, calm } = await workshop(kill, ask);
  await expect(runCommand(memory.world, { ...options, repeat: '1' })).rejects.toMatchObject({
    code: 'usage',
    details: ['whether it is part of the fault cannot be seen: run true'],
  });
  const exit = await runCommand(memory.world, { ...options, repeat: '1', baselineScenario: calm });
  expect(exit, memory.stderr).toBe(0);
  expect(memory.stderr).toContain('s: 2 of 2 runs were made; orch analyze --series s');
  const of = { id: 's', pair: 1, of: 1, faults_left_out: false } as const;
  expect(await manifest('s-b1')).toMatchObject({
    scenario: { name: 'calm' },
    series: { ...of, side: 'baseline' },
  });
  expect(await manifest('s-f1')).toMatchObject({
    scenario: { name: 'faulty' },
    series: { ...of, side: 'fault' },
  });
});

test('a run that fails ends the series', async () => {
  const { memory, options, runs } = await workshop(kill);
  memory.driver.kill = () => Promise.reject(new Error('no such container'));
  const exit = await runCommand(memory.world, { ...options, repeat: '2' });
  expect(exit, memory.stderr).toBe(1);
  expect(memory.stderr).toContain('s: 2 of 4 runs were made\n');
  expect((await runs()).sort()).toEqual(['s-b1', 's-f1']);
});

test('asks for a series in so many words', () => {
  expect(seriesAsked({})).toBeNull();
  expect(seriesAsked({ repeat: '3', baselineScenario: 'calm' })).toEqual({ pairs: 3, baseline: 'calm' });
  expect(() => seriesAsked({ repeat: '0' })).toThrow('--repeat 0 is not a number of pairs');
  expect(() => seriesAsked({ baselineScenario: 'calm' })).toThrow('with --repeat only');
  expect(() => seriesAsked({ repeat: '3', journal: 'j.json' })).toThrow('--journal is of one run');
  expect(() => seriesAsked({ repeat: '3', baseline: 'calm' })).toThrow('--baseline is of one run');
});
