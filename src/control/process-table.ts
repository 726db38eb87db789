import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { errnoOf } from '../model/errors.ts';
import type { NodeState } from './driver.ts';

/** What the kernel says of a process. */
export interface ProcessEntry {
  readonly state: Exclude<NodeState, 'stopped'>;
  /** Together with the pid it names one process for ever: pids are used again. Compare it, do not read it. */
  readonly startTime: string;
  /** Whether a terminal is its own; undefined where that is not known. */
  readonly hasTerminal: boolean | undefined;
  /** `state S, started 4711` in the words of /proc or ps. */
  readonly evidence: string;
}

const hasProc = existsSync('/proc/self/stat');

/**
 * Undefined where no such process runs; one that has ended and was not yet reaped by its parent does not run.
 * Throws where the kernel cannot be asked, for want of file descriptors for example: that says nothing of the process.
 */
export function lookUp(pid: number): ProcessEntry | undefined {
  return hasProc ? lookUpInProc(pid) : lookUpWithPs(pid);
}

/** Linux: proc(5). The command's name, in brackets, may hold anything; what counts comes after the last one. */
export function lookUpInProc(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return entry(fields[0], fields[19], fields[4] !== '0');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ESRCH') return undefined;
    throw error;
  }
}

/** Everywhere else. The start time has whole seconds only, which still tells a reused pid from the first. */
export function lookUpWithPs(pid: number): ProcessEntry | undefined {
  try {
    // A fixed locale and zone, so that whoever asks, a run, its guardian or `orch recover`, reads the same text.
    const line = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
      encoding: 'latin1',
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5_000,
    }).trim();
    const space = line.indexOf(' ');
    return space === -1 ? undefined : entry(line[0], line.slice(space).trim());
  } catch (error) {
    // That is how ps says that it found nothing.
    if (error instanceof Error && 'status' in error && error.status === 1) return undefined;
    throw error;
  }
}

/** `T` is stopped by a signal; `Z` and `X` have ended; every other letter is some way of being alive. */
function entry(
  letter: string | undefined,
  startTime: string | undefined,
  hasTerminal?: boolean,
): ProcessEntry | undefined {
  if (letter === undefined || startTime === undefined || letter === 'Z' || letter === 'X') return undefined;
  return {
    state: letter === 'T' ? 'paused' : 'running',
    startTime,
    hasTerminal,
    evidence: `state ${letter}, started ${startTime}`,
  };
}
