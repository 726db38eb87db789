import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MemoryWorld } from '../testing/memory-world.ts';
import { temporaryDir } from '../testing/run-files.ts';
import { runCommand } from './run-command.ts';

test('a run whose nodes cannot be tidied away keeps its id and its exit code, and says so', async () => {
  const cwd = await temporaryDir();
  await writeFile(join(cwd, 'config.yaml'), 'http_nodes: ["http://127.0.0.1:9"]\nhttp_services: [a]\n');
  const action = '{ type: start_load, target: all_nodes, rps: 50 }';
  const scenario = join(cwd, 's.yaml');
  await writeFile(scenario, `name: s\nphases: [{ name: p, duration_sec: 0.2, actions: [${action}] }]\n`);
  const memory = new MemoryWorld(cwd, ['a']);
  memory.driver.close = () => Promise.reject(new Error('EROFS: read-only file system'));
  const exit = await runCommand(memory.world, { scenario, runs: join(cwd, 'runs'), runId: 'r' });
  expect(exit, memory.stderr).toBe(0);
  expect(memory.stdout).toBe('r\n');
  expect(memory.stderr).toContain('warning: closing the driver failed: EROFS: read-only file system');
});
