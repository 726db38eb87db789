import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../../testing/requirements.ts';
import { until } from '../driver.contract.ts';
import { endLeftOver, notePid } from './left-over.ts';
import { freePort } from '../ports.ts';
import { lookUp } from '../process-table.ts';

let directory: string;
let children: ChildProcess[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'orch-left-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

async function start(command: string, args: string[], cwd: string): Promise<number> {
  const child = spawn(command, args, { cwd, detached: true, stdio: 'ignore' });
  children.push(child);
  await once(child, 'spawn');
  return child.pid ?? 0;
}

describe('what is left over', () => {
  it('is known by where it stands or by its note, paused or not; nothing else is touched', async () => {
    const homes = join(directory, 'nodes');
    const home = (name: string) => {
      mkdirSync(join(homes, name), { recursive: true });
      return join(homes, name);
    };
    const standing = await start('sleep', ['1000'], home('standing'));
    const paused = await start('sleep', ['1000'], home('paused'));
    process.kill(paused, 'SIGSTOP');
    const noted = await start('sleep', ['1000'], '/');
    notePid(home('noted'), noted, lookUp(noted)?.startTime ?? '');
    const reused = await start('sleep', ['1000'], '/');
    notePid(home('reused'), reused, '1');
    const elsewhere = await start('sleep', ['1000'], directory);
    const ended = await endLeftOver(homes);
    expect([...ended].sort()).toEqual([
      `noted (pid ${noted})`,
      `paused (pid ${paused})`,
      `standing (pid ${standing})`,
    ]);
    for (const pid of [standing, paused, noted]) expect(lookUp(pid)).toBeUndefined();
    for (const pid of [reused, elsewhere]) expect(lookUp(pid)).toBeDefined();
    expect(existsSync(homes)).toBe(false);
  });

  it('is nothing where there is nothing', async () => {
    expect(await endLeftOver(join(directory, 'never-was'))).toEqual([]);
  });

  it('leaves a shell that somebody opened there on a terminal of theirs', async () => {
    const homes = join(directory, 'nodes');
    mkdirSync(join(homes, 'a'), { recursive: true });
    // script(1) gives its command a terminal.
    const command = `cd ${join(homes, 'a')} && exec sleep 998`;
    await start('script', ['-qec', command, '/dev/null'], '/');
    const shell = () => processOf('sleep 998');
    await until(async () => (await shell()) !== undefined, 'the command to be started');
    const pid = (await shell()) ?? 0;
    const ended = await endLeftOver(homes);
    expect(ended.join()).not.toContain(`(pid ${pid})`);
    expect(lookUp(pid)?.hasTerminal).toBe(true);
    process.kill(pid, 'SIGKILL');
  });
});

async function processOf(command: string): Promise<number | undefined> {
  const ps = spawn('pgrep', ['-f', `^${command}$`], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  ps.stdout.on('data', (more: Buffer) => {
    text += more.toString();
  });
  await once(ps, 'close');
  const pid = Number.parseInt(text, 10);
  return Number.isNaN(pid) ? undefined : pid;
}

describe('a driver’s process that is ended by SIGKILL', () => {
  async function canBeCleanedUp(kind: 'http' | 'redis', isPaused: boolean): Promise<void> {
    const homes = join(directory, 'nodes');
    const url = `${kind}://127.0.0.1:${await freePort()}`;
    const module = new URL('./process.ts', import.meta.url).href;
    const script = `
      const { createProcessDriver } = await import(${JSON.stringify(module)});
      const driver = createProcessDriver({
        searchPath: process.env.PATH,
        directory: ${JSON.stringify(homes)},
        serviceEntry: ${JSON.stringify(new URL('../../demo/main.ts', import.meta.url).pathname)},
      });
      await driver.open([{ name: 'node', kind: '${kind}', url: '${url}', managed: true }]);
      if (${isPaused}) await driver.pause('node');
      console.log((await driver.observe('node')).incarnation);
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(parent);
    const [said]: [Buffer] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number.parseInt(said.toString(), 10);
    expect(lookUp(pid)).toBeDefined();
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await endLeftOver(homes);
    expect(lookUp(pid)).toBeUndefined();
  }

  it('leaves an HTTP node that can be ended', () => canBeCleanedUp('http', false));
  it('leaves a paused HTTP node that can be ended', () => canBeCleanedUp('http', true));
  it.skipIf(!needs('redis'))('leaves a Redis node that can be ended', () => canBeCleanedUp('redis', false));
  it.skipIf(!needs('redis'))('leaves a paused Redis node that can be ended', () =>
    canBeCleanedUp('redis', true),
  );
});
