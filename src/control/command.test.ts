import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Command, runCommand } from './command.ts';
import { lookUp } from './process-table.ts';

const never = new AbortController().signal;
const place = mkdtempSync(join(tmpdir(), 'orch-command-'));
afterEach(() => rmSync(join(place, 'pids'), { force: true }));

const command = (run: readonly string[], more: Partial<Command> = {}): Command => ({
  run,
  env: { PATH: process.env['PATH'] },
  cwd: place,
  input: '',
  ...more,
});
const script = (text: string, ...args: string[]) => command([execPath, '-e', text, ...args]);

/** The pids that a script has written, once there are so many. */
async function pids(count: number): Promise<readonly number[]> {
  for (let tries = 0; tries < 500; tries += 1) {
    const file = join(place, 'pids');
    const found = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number) : [];
    if (found.length >= count) return found;
    await sleep(10);
  }
  throw new Error('the script has written no pids');
}

/** Whether the process ends within five seconds. */
async function ends(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (lookUp(pid) === undefined) return true;
    await sleep(10);
  }
  return false;
}

describe('a command', () => {
  it('is run to its end, and what it says is kept', async () => {
    const text = `process.stdin.on('data', (d) => process.stdout.write(d)).on('end', () => { console.error('no'); process.exit(3) })`;
    expect(await runCommand({ ...script(text), input: 'given' }, never)).toEqual({
      exit: 3,
      stdout: 'given',
      stderr: 'no\n',
      isCut: false,
    });
  });

  it('is given its words as they are, its environment and no other, and its directory', async () => {
    const words = ['$HOME', '; echo x', '*'];
    const text =
      'console.log(JSON.stringify([process.argv.slice(1), process.env.A, process.env.HOME, process.cwd()]))';
    const { stdout } = await runCommand({ ...script(text, ...words), env: { A: 'b' } }, never);
    expect(JSON.parse(stdout)).toEqual([words, 'b', null, place]);
  });

  it('that a signal ends has the exit code that shells give', async () => {
    expect(await runCommand(script(`process.kill(process.pid, 'SIGTERM')`), never)).toMatchObject({
      exit: 143,
    });
  });

  it('may say more than is kept, and leave what it is given unread', async () => {
    const text = `const line = 'x'.repeat(999) + '\\n'; for (let i = 0; i < 3000; i++) require('fs').writeSync(1, line)`;
    const { exit, stdout, isCut } = await runCommand(
      { ...script(text), input: 'y'.repeat(1_000_000) },
      never,
    );
    expect({ exit, isCut, length: stdout.length }).toEqual({ exit: 0, isCut: true, length: 1_000_000 });
  });

  it.each([
    ['a program that is not there', command(['no-such-program']), /ENOENT/],
    ['a directory that is not there', command([execPath], { cwd: '/no/such/place' }), /ENOENT/],
    ['a program that is none', command(['/etc/passwd']), /EACCES/],
    ['a word with a zero in it', command([execPath, 'a\0b']), /null bytes/],
  ])('cannot be run: %s', async (_, given, problem) => {
    await expect(runCommand(given, never)).rejects.toThrow(problem);
  });

  it('is ended with all that it started, when the signal says so', async () => {
    const child = `require('fs').appendFileSync('pids', process.pid + '\\n'); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
    const parent = `require('child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: 'inherit' }); eval(process.argv[1])`;
    const abort = new AbortController();
    const running = runCommand(script(parent, child), abort.signal);
    const both = await pids(2);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(await Promise.all(both.map(ends))).toEqual([true, true]);
  });

  it('is not over while somebody in its group holds its output open, who is ended too', async () => {
    const child = `require('fs').appendFileSync('pids', process.pid + '\\n'); setInterval(() => {}, 1000)`;
    const parent = `require('child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: 'inherit' }).unref()`;
    const abort = new AbortController();
    const running = runCommand(script(parent, child), abort.signal);
    const [left = 0] = await pids(1);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(await ends(left)).toBe(true);
  });

  it('is not begun where the signal came before', async () => {
    await expect(
      runCommand(script(`require('fs').writeFileSync('pids', '1')`), AbortSignal.abort()),
    ).rejects.toThrow();
    expect(existsSync(join(place, 'pids'))).toBe(false);
  });
});
