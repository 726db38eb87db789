import { execFile } from 'node:child_process';
import type { InspectedContainer, ScriptResult } from '../engine.ts';
import { signed } from './late-scripts.ts';
import type { NetWay } from './way.ts';

/** Of one script; what goes on longer than iptables waits for its lock is hung. */
export const limitMs = 12_000;
const notOurs = 97;

/**
 * As root on the engine's own machine. What is said of the pid is looked at once the namespace is entered: that it is
 * one of the container's now, as its control groups say, means that it was so then, and not another's who got the number since.
 */
export function nsenterWay(version: string): NetWay {
  return {
    name: 'nsenter',
    says: `nsenter, ${version}`,
    enter: enterByPid,
    rehearse: (script) => run('unshare', ['--net', 'sh', '-c', withTools(script)]),
  };
}

/** Exits with 1 and words on stderr where the namespace cannot be entered. */
export async function enterByPid(
  { id, pid }: InspectedContainer,
  script: string,
  marker: string,
): Promise<ScriptResult> {
  const guarded = `grep -q ${id} /proc/${pid}/cgroup || exit ${notOurs}\n${withTools(script)}`;
  const shell = ['sh', '-c', signed(guarded, marker)];
  const result = await run('nsenter', ['--target', String(pid), '--net', ...shell]);
  if (result.code !== notOurs) return result;
  return { code: 1, stdout: '', stderr: `the engine’s processes are not this machine’s: ${pid} is another` };
}

function withTools(script: string): string {
  return `PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"\n${script}`;
}

/** Never rejects: that there is no such program, or that it took too long, is said like any other failure. */
function run(file: string, args: readonly string[]): Promise<ScriptResult> {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 16_000_000 },
      (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (error.code === 'ENOENT') resolve({ code: 1, stdout, stderr: `${file} is not installed` });
        else if (error.killed === true)
          resolve({ code: 1, stdout, stderr: `no answer within ${limitMs} ms` });
        else resolve({ code: typeof error.code === 'number' ? error.code : 1, stdout, stderr });
      },
    );
  });
}
