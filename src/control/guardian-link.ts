import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { OrchError } from '../model/errors.ts';
import { entryPath } from './entry-path.ts';

/** The coordinator's end of its guardian (src/guardian.ts). */
export interface Guardian {
  readonly pid: number;
  /** Tells it that nothing is left to undo, and waits until it has gone. */
  dismiss(): Promise<void>;
  /** Leaves the rest to it: it undoes what the journal shows open, as it would if this process died. */
  handOver(): void;
}

export interface GuardianOptions {
  /** The run's directory, absolute. */
  readonly runPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const readyLimitMs = 10_000;
const endLimitMs = 5_000;

/** What reaching a Docker Engine may depend on; no keys. */
const needed = /^(PATH|HOME|USER|TMPDIR|TZ|XDG_RUNTIME_DIR|SSH_AUTH_SOCK|DOCKER_.*)$/;

/**
 * Starts a guardian in a session of its own, where nothing that ends this process or its group reaches it, and waits
 * until it watches. Its stdin is a pipe that only this process holds: the kernel closes it however this process dies.
 * @throws OrchError `guardian-failed`
 */
export async function startGuardian({ runPath, env }: GuardianOptions): Promise<Guardian> {
  const child = spawn(process.execPath, [entryPath('../guardian', import.meta.url), runPath], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: Object.fromEntries(Object.entries(env).filter(([name]) => needed.test(name))),
    cwd: '/',
  });
  const gone = once(child, 'exit').catch(() => {});
  // Its end of the pipe may be gone at any time.
  child.stdin.on('error', () => {});
  const ready = once(child.stdout, 'data', { signal: AbortSignal.timeout(readyLimitMs) });
  const isReady = await Promise.race([ready.then(() => true), gone.then(() => false)]).catch(() => false);
  if (!isReady || child.pid === undefined) {
    child.kill('SIGKILL');
    throw new OrchError(
      'guardian-failed',
      'the guardian, which undoes faults should orch be killed, cannot be started',
    );
  }
  child.unref();
  child.stdout.destroy();
  return {
    pid: child.pid,
    async dismiss() {
      child.stdin.end('done\n');
      const impatient = setTimeout(() => child.kill('SIGKILL'), endLimitMs);
      await gone;
      clearTimeout(impatient);
    },
    handOver: () => child.stdin.destroy(),
  };
}
