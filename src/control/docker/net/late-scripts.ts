import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const roundMs = 20;

/** The first line of each script that is run on this machine, by which it is found among the processes. */
export function signed(script: string, marker: string): string {
  return `# orch-${marker}\n${script}`;
}

/**
 * A script goes on when the process that began it is killed, and may act after somebody else has cleaned up. Resolves
 * once none of that marker runs on this machine any more.
 * @throws Error where one still does after `limitMs`
 */
export async function scriptsEnded(marker: string, limitMs: number): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  for (let pid = running(marker); pid !== null; pid = running(marker)) {
    if (performance.now() > deadlineMs) throw new Error(`process ${pid} is still at work on ${marker}`);
    await sleep(roundMs);
  }
}

/** The pid of a script of that marker that runs on this machine; null where none does. */
export function running(marker: string): string | null {
  return pids().find((pid) => commandOf(pid).includes(signed('', marker))) ?? null;
}

function pids(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    // Not Linux: no network namespaces are entered here.
    return [];
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
