import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { KeptText } from '../model/kept-text.ts';

export interface Command {
  /** The program and its arguments. */
  readonly run: readonly string[];
  /** All of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What it finds on its stdin. */
  readonly input: string;
}

export interface CommandEnd {
  /** Its exit code; 128 + N, as shells say it, where signal N ended it. */
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it said more than is kept. */
  readonly isCut: boolean;
}

/**
 * Runs a command to its end, without a shell, in a process group of its own: a Ctrl-C in the terminal is for us. It is
 * over when it has ended and nobody holds its output open any more. What it leaves in the background without its output
 * goes on. When the signal says so, the whole group is killed.
 *
 * Rejects with the signal's reason, or with the system's error where the command cannot be run.
 */
export async function runCommand(command: Command, signal: AbortSignal): Promise<CommandEnd> {
  signal.throwIfAborted();
  const { env, cwd, input } = command;
  const [program = '', ...args] = command.run;
  const child = spawn(program, args, { env, cwd, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const [stdout, stderr] = [new KeptText(), new KeptText()];
  // What is beyond the limit is read all the same, since a full pipe would stop the command.
  child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  // A command need not read what it is given.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const { promise: ended, resolve, reject } = Promise.withResolvers<number>();
  child.on('error', reject);
  child.on('close', (code, killedBy) => resolve(code ?? 128 + constants.signals[killedBy ?? 'SIGKILL']));
  const abandon = (): void => {
    endGroup(child);
    reject(signal.reason);
  };
  signal.addEventListener('abort', abandon, { once: true });
  try {
    const exit = await ended;
    return {
      exit,
      stdout: stdout.toString(),
      stderr: stderr.toString(),
      isCut: stdout.isCut || stderr.isCut,
    };
  } finally {
    signal.removeEventListener('abort', abandon);
  }
}

function endGroup(child: ChildProcess): void {
  try {
    // A group keeps its number for as long as anybody is in it, also when its first process has ended.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
  // One who left the group may hold them open for ever.
  child.stdout?.destroy();
  child.stderr?.destroy();
}
