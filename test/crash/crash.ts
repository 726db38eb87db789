import { setTimeout as sleep } from 'node:timers/promises';
import { aftermath } from './aftermath.ts';
import type { Bench } from './bench.ts';
import type { SecondEngine } from './engine.ts';
import { type CrashCase, drawn } from './matrix.ts';
import { processesAt } from './system.ts';
import { until } from './until.ts';
import { scenario, Victim } from './victim.ts';

/** What came of one case. */
export interface Crash {
  readonly one: CrashCase;
  /** What is not as it should be, in sentences; empty where all is well. */
  readonly problems: readonly string[];
  /** Kills that came too late and so were none; each was tried again. */
  readonly missed: number;
  /** True where a fault was open when the coordinator died. */
  readonly wasOpen: boolean;
  /** From the kill to the guardian's first undo, in milliseconds; null where there was none to wait for. */
  readonly undoBeganMs: number | null;
  /** True where nobody but `orch recover` was there to clean up: both were killed, or the guardian was not yet. */
  readonly byRecover: boolean;
  /** True where the engine itself was left unable to start the container, and had to be mended by hand. */
  readonly engineMended: boolean;
}

export interface CrashOptions {
  readonly bench: Bench;
  /** Restarted where the case wants that. */
  readonly engine: SecondEngine | undefined;
  readonly seed: number;
}

const tries = 12;
/** The run's three seconds, and what comes before and after it. */
const randomSpanMs = scenario.endMs + 700;
/** An engine that restarts does so at most this long after the kill: in the midst of the undoing. */
const engineLagMs = 500;
/** An undo that waits for a stop with the longest grace, and for a node that is slow to serve. */
const rescueLimitMs = 60_000;

/** Kills a run as the case says, has it put in order, and looks at what is left. */
export async function crash(one: CrashCase, options: CrashOptions): Promise<Crash> {
  for (let missed = 0; missed < tries; missed += 1) {
    const victim = new Victim(one, options.bench);
    let isKept = false;
    try {
      const killedAtMs = await killAt(victim, one, options, missed);
      if (killedAtMs === null) continue;
      const found = await cleanUpAndLook(victim, one, killedAtMs, options);
      isKept = found.problems.length > 0;
      return { one, missed, ...found };
    } finally {
      if (isKept) await giveUp(victim, options.bench);
      else victim.shop.close();
    }
  }
  const problems = [`the run ended before it could be killed, ${tries} times`];
  const nothing = { wasOpen: false, undoBeganMs: null, byRecover: false, engineMended: false };
  return { one, problems, missed: tries, ...nothing };
}

/** Resolves to the Unix time of the kill in milliseconds; to null where it came too late. */
async function killAt(
  victim: Victim,
  one: CrashCase,
  { seed }: CrashOptions,
  attempt: number,
): Promise<number | null> {
  const randomMs = randomSpanMs * drawn(seed, one.number, attempt);
  const isThere = await victim.comesTo(one, randomMs);
  const killedAtMs = Date.now();
  if (isThere) {
    if (one.way === 'both' && victim.guardian !== undefined) {
      // Or it might start another guardian between the two kills.
      end(victim.pid, 'SIGSTOP');
      end(victim.guardian);
    }
    end(one.way === 'group' ? -victim.pid : victim.pid);
  }
  await victim.done;
  return victim.child.signalCode === 'SIGKILL' ? killedAtMs : null;
}

async function cleanUpAndLook(
  victim: Victim,
  one: CrashCase,
  killedAtMs: number,
  { bench, engine, seed }: CrashOptions,
): Promise<Omit<Crash, 'one' | 'missed'>> {
  const journaled = victim.events().filter((event) => event.type !== 'fault' || event.by === undefined);
  let engineMended = false;
  if (one.way.startsWith('engine')) {
    if (engine === undefined) throw new Error('this case needs an engine of its own');
    await sleep(engineLagMs * drawn(seed, one.number, 'engine'));
    await engine.restart(one.way === 'engine-killed' ? 'SIGKILL' : 'SIGTERM');
  }
  const isGone = async () => {
    if (processesAt(victim.shop.directory).length === 0) return true;
    if (engine === undefined || !(await engine.isWedged())) return false;
    engineMended = true;
    await engine.mend();
    return false;
  };
  if (one.way !== 'both') await until(rescueLimitMs, isGone, engine === undefined ? 20 : 250);
  return { engineMended, ...(await aftermath({ victim, one, killedAtMs, journaled, bench })) };
}

/** Keeps the run's directory for whoever looks into it, but lets nothing go on. */
async function giveUp({ shop }: Victim, bench: Bench): Promise<void> {
  for (const { pid } of processesAt(shop.directory)) end(pid);
  await bench.repair();
}

function end(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {}
}
