import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Command {
  /** The program and its arguments. */
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Exit codes that are no failure; only 0 where there are none. */
  readonly exits?: readonly number[];
}

export interface Usage {
  /** User and system time of the process and of all its descendants that it waited for. */
  readonly cpuSec: number;
  readonly wallSec: number;
  /** The largest resident sizes of all its processes, added up. */
  readonly peakMb: number;
  readonly stdout: string;
}

const sampleEveryMs = 200;
const limitMs = 180_000;

/**
 * Runs a command to its end, beside nothing else of ours. Its CPU time is what the kernel counted, as GNU time tells it,
 * in hundredths of a second; its memory is looked at five times a second, in Linux's /proc.
 * Rejects, with the end of what it said, where it fails or takes three minutes.
 */
export async function measured(command: Command, dir: string): Promise<Usage> {
  const { words, env = {}, stdin = '', exits = [0] } = command;
  const report = join(dir, 'time.txt');
  const begun = performance.now();
  const child = spawn('/usr/bin/time', ['-q', '-o', report, '-f', '%U %S', ...words], {
    cwd: dir,
    env: { ...process.env, ...env },
    detached: true,
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  child.stdin.end(stdin);
  const peaksMb = new Map<string, number>();
  const sampler = setInterval(() => samplePeaks(String(child.pid), peaksMb), sampleEveryMs);
  const watchdog = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), limitMs);
  try {
    await once(child, 'close');
  } finally {
    clearInterval(sampler);
    clearTimeout(watchdog);
  }
  if (!exits.includes(child.exitCode ?? -1)) {
    const said = `${texts.stdout}\n${texts.stderr}`.trim().slice(-1500);
    throw new Error(`${words.join(' ')} ended with ${child.exitCode ?? child.signalCode}: ${said}`);
  }
  const [userSec = 0, systemSec = 0] = readFileSync(report, 'utf8').split(' ').map(Number);
  return {
    cpuSec: userSec + systemSec,
    wallSec: (performance.now() - begun) / 1000,
    peakMb: [...peaksMb.values()].reduce((sum, mb) => sum + mb, 0),
    stdout: texts.stdout,
  };
}

/** Notes the largest resident size so far of each descendant of a process. */
function samplePeaks(pid: string, peaksMb: Map<string, number>): void {
  for (const child of readProc(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean)) {
    const kb = /VmHWM:\s+(\d+)/.exec(readProc(`/proc/${child}/status`))?.[1];
    if (kb !== undefined) peaksMb.set(child, Number(kb) / 1024);
    samplePeaks(child, peaksMb);
  }
}

/** Empty where the process has gone. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
