import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { messageOf, OrchError } from '../model/errors.ts';
import { entryPath } from './entry-path.ts';

/** The coordinator's end of its guardian (src/guardian.ts). */
export interface Guardian {
  /** Tells it that nothing is left to undo, and waits until it has gone. */
  dismiss(): Promise<void>;
  /** Leaves the rest to it: it undoes what the journal shows open, as it would if this process died. */
  handOver(): void;
  /** Says that this process is about to end in the midst of its run, as it was interrupted twice. */
  abandon(): void;
}

export interface GuardianOptions {
  /** The run's directory, absolute. */
  readonly runPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told, as a sentence, when the guardian has gone before its time, and what comes of it. */
  readonly onLost: (text: string) => void;
}

const readyLimitMs = 10_000;
const endLimitMs = 5_000;
/** How often a guardian that has gone is replaced by another. */
const replacements = 3;

/** What reaching a Docker Engine may depend on; no keys. */
const needed =
  /^(PATH|HOME|USER|TMPDIR|TZ|XDG_RUNTIME_DIR|SSH_AUTH_SOCK|DOCKER_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/;

/**
 * Starts a guardian in a session of its own, where nothing that ends this process or its group reaches it, and waits
 * until it watches. Its stdin is a pipe that only this process holds: the kernel closes it however this process dies.
 * One that is ended itself is replaced.
 * @throws OrchError `guardian-failed`
 */
export async function startGuardian(options: GuardianOptions): Promise<Guardian> {
  const { onLost } = options;
  let current = await spawnGuardian(options);
  let isNeeded = true;
  const watch = (guardian: ChildProcess, left: number) => {
    guardian.once('exit', () => {
      if (isNeeded) void replace(left);
    });
  };
  const replace = async (left: number) => {
    try {
      if (left === 0) throw new Error('it was ended too often');
      current = await spawnGuardian(options);
      watch(current, left - 1);
      onLost('the guardian was ended; another has taken its place');
    } catch (error) {
      onLost(
        `the guardian was ended, and there is no other (${messageOf(error)}): should orch be killed now, \`orch recover\` is needed`,
      );
    }
  };
  watch(current, replacements);
  return {
    async dismiss() {
      isNeeded = false;
      await end(current);
    },
    handOver() {
      isNeeded = false;
      current.stdin?.destroy();
    },
    abandon() {
      current.stdin?.write('abandoned\n');
    },
  };
}

async function spawnGuardian({ runPath, env }: GuardianOptions): Promise<ChildProcess> {
  const child = spawn(process.execPath, [entryPath('../guardian', import.meta.url), runPath], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: Object.fromEntries(Object.entries(env).filter(([name]) => needed.test(name))),
    cwd: '/',
  });
  // Its end of the pipe may be gone at any time.
  child.stdin.on('error', () => {});
  const signal = AbortSignal.timeout(readyLimitMs);
  const ready = once(child.stdout, 'data', { signal }).then(() => true);
  const gone = once(child, 'exit', { signal }).then(() => false);
  const isReady = await Promise.race([ready, gone]).catch(() => false);
  // Whichever of the two comes later is of no interest any more.
  for (const late of [ready, gone]) late.catch(() => {});
  if (!isReady) {
    child.kill('SIGKILL');
    throw new OrchError(
      'guardian-failed',
      'the guardian, which undoes faults should orch be killed, cannot be started',
    );
  }
  child.unref();
  child.stdout.destroy();
  return child;
}

async function end(guardian: ChildProcess): Promise<void> {
  if (guardian.exitCode !== null || guardian.signalCode !== null) return;
  const gone = once(guardian, 'exit');
  // It kept nothing going so far; now its end is waited for, also where it stands still and has to be killed.
  guardian.ref();
  guardian.stdin?.end('done\n');
  const impatient = setTimeout(() => guardian.kill('SIGKILL'), endLimitMs);
  await gone;
  clearTimeout(impatient);
}
