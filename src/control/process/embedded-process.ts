import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sighting } from '../driver.ts';
import type { EmbeddedNode } from './embedded-node.ts';
import { notePid } from './left-over.ts';
import { lookUp } from '../process-table.ts';
import type { Recipe } from './recipes.ts';

const linesKept = 40;
const killLimitMs = 2_000;

/** One life of an embedded node: a child process, its start time, and the last that it said. */
export class EmbeddedProcess {
  readonly pid: number;
  readonly #home: string;
  readonly #child: ChildProcess;
  readonly #startTime: string;
  readonly #said: string[] = [];
  readonly #complained: string[] = [];
  /** Resolves when the process has ended and was reaped. */
  readonly #gone: Promise<true>;
  readonly #ready: Promise<boolean>;

  private constructor(child: ChildProcess, { pid, startTime, home }: EmbeddedNode, ready: RegExp) {
    this.#child = child;
    this.pid = pid;
    this.#startTime = startTime;
    this.#home = home;
    this.#gone = new Promise((resolve) => {
      child.once('exit', () => resolve(true));
    });
    this.#ready = new Promise((resolve) => {
      listen(child.stdout, this.#said, (line) => ready.test(line) && resolve(true));
      listen(child.stderr, this.#complained);
      child.once('close', () => resolve(false));
    });
  }

  /**
   * Starts the node in a session of its own: a Ctrl-C in the terminal is for us, who end our nodes in good order.
   * Rejects if the program cannot be run; whether the node then serves is another question.
   */
  static async start({ command, args, env, cwd, ready }: Recipe): Promise<EmbeddedProcess> {
    const child = spawn(command, args, { env, cwd, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    // Its end of the pipe may be gone at any time; that the child is gone is seen elsewhere.
    child.stdin.on('error', () => {});
    if (child.pid === undefined) {
      const [error]: Error[] = await once(child, 'error');
      throw error ?? new Error(`${command} could not be run`);
    }
    const { pid } = child;
    const startTime = startTimeOf(child, pid);
    notePid(cwd, pid, startTime);
    return new EmbeddedProcess(child, { pid, startTime, home: cwd }, ready);
  }

  /** As disturbers need it. */
  get node(): EmbeddedNode {
    return { pid: this.pid, startTime: this.#startTime, home: this.#home };
  }

  get incarnation(): string {
    return `${this.pid}@${this.#startTime}`;
  }

  /** Whether the node says that it is ready within `limitMs`; false also when it ends before. */
  async becomesReady(limitMs: number): Promise<boolean> {
    return within(this.#ready, limitMs);
  }

  /** Whether the process ends within `limitMs`. */
  async ends(limitMs: number): Promise<boolean> {
    return within(this.#gone, limitMs);
  }

  /** SIGTERM, which a paused process can only heed once it goes on, then SIGKILL. Whether the process has ended. */
  async end(graceMs: number): Promise<boolean> {
    this.signal('SIGTERM');
    this.signal('SIGCONT');
    if (await this.ends(graceMs)) return true;
    this.signal('SIGKILL');
    return this.ends(killLimitMs);
  }

  look(): Sighting {
    const entry = this.#entry();
    const { incarnation, pid } = this;
    if (entry !== undefined)
      return { state: entry.state, incarnation, evidence: `pid ${pid}: ${entry.evidence}` };
    const { exitCode, signalCode } = this.#child;
    const how = signalCode ?? (exitCode === null ? 'not yet reaped' : `exit code ${exitCode}`);
    return { state: 'stopped', incarnation, evidence: `pid ${pid} is gone: ${how}` };
  }

  /** Leaves a process that has ended alone: its pid may be another's by now. */
  signal(signal: NodeJS.Signals): void {
    if (this.#entry() !== undefined) this.#child.kill(signal);
  }

  /** The line that best says what went wrong; undefined where the node said nothing. */
  lastWords(): string | undefined {
    const complaint = this.#complained.find((line) => /error/i.test(line)) ?? this.#complained.at(-1);
    return complaint ?? this.#said.at(-1);
  }

  #entry(): ReturnType<typeof lookUp> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return undefined;
    const entry = lookUp(this.pid);
    return entry?.startTime === this.#startTime ? entry : undefined;
  }
}

/** A child that cannot be recognised later could not be ended safely: better to end it while it is surely ours. */
function startTimeOf(child: ChildProcess, pid: number): string {
  try {
    const entry = lookUp(pid);
    if (entry === undefined) throw new Error(`pid ${pid} was gone as soon as it was started`);
    return entry.startTime;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Reads on for as long as the child lives, since a full pipe would stop it. */
function listen(stream: Readable | null, kept: string[], onLine?: (line: string) => void): void {
  if (stream === null) return;
  createInterface({ input: stream }).on('line', (line) => {
    if (line.trim() !== '') kept.push(line.trim());
    if (kept.length > linesKept) kept.shift();
    onLine?.(line);
  });
}

async function within(what: Promise<boolean>, limitMs: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(limitMs, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([what, late]);
  } finally {
    timer.abort();
  }
}
