import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Kills a process that was started, unless it has ended, and waits until it is no more. */
export async function killed(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
