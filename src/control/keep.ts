import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { entryPath } from './entry-path.ts';

/** The driver's end of the keeper (keeper.ts): processes that must not outlive this one. */
export interface Keeper {
  add(pid: number, startTime: string): void;
  remove(pid: number): void;
  /** Ends the keeper; what is still added is killed by it. */
  close(): Promise<void>;
}

const endLimitMs = 2_000;

/** Starts a keeper in a session of its own, where no Ctrl-C or hang-up of this one's terminal reaches it. */
export function startKeeper(): Keeper {
  const child = spawn(process.execPath, [entryPath('./keeper', import.meta.url)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
  });
  const gone = once(child, 'exit').catch(() => {});
  // Without a keeper the nodes still end with an orderly close, so its loss is not worth a run.
  child.stdin.on('error', () => {});
  const tell = (line: string) => child.stdin.write(`${line}\n`);
  return {
    add: (pid, startTime) => tell(`add ${pid} ${startTime}`),
    remove: (pid) => tell(`remove ${pid}`),
    async close() {
      child.stdin.end();
      const impatient = setTimeout(() => child.kill('SIGKILL'), endLimitMs);
      await gone;
      clearTimeout(impatient);
    },
  };
}
