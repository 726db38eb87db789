import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Analysis } from '../src/model/analysis.ts';
import type { RunEvent } from '../src/model/event.ts';
import type { Manifest } from '../src/model/manifest.ts';

export const root = join(import.meta.dirname, '..');

export interface Finished {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real CLI as a process of its own, in a directory of its own. */
export class Workshop {
  readonly directory = mkdtempSync(join(tmpdir(), 'orch-test-'));
  readonly #children = new Set<ChildProcess>();

  write(name: string, text: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, text);
    return path;
  }

  /** Starts `orch` and returns the process beside its end, for tests that interrupt it. */
  start(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    /** At the head of a process group of its own. */
    detached = false,
  ): { child: ChildProcess; done: Promise<Finished> } {
    return this.startWith(process.execPath, [join(root, 'src/main.ts'), ...args], env, detached);
  }

  /** The same with any command. */
  startWith(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    detached = false,
  ): { child: ChildProcess; done: Promise<Finished> } {
    const child = spawn(command, args, {
      cwd: this.directory,
      env: { ...cleanEnv(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached,
    });
    this.#children.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (text: Buffer) => {
      stdout += text.toString();
    });
    child.stderr?.on('data', (text: Buffer) => {
      stderr += text.toString();
    });
    const done = new Promise<Finished>((resolve) => {
      child.on('close', (code) => {
        this.#children.delete(child);
        resolve({ code, stdout, stderr });
      });
    });
    return { child, done };
  }

  orch(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return this.start(args, env).done;
  }

  path(...parts: string[]): string {
    return join(this.directory, ...parts);
  }

  manifest(run: string): Manifest {
    return JSON.parse(readFileSync(this.path('runs', run, 'manifest.json'), 'utf8')) as Manifest;
  }

  analysis(run: string): Analysis {
    return JSON.parse(readFileSync(this.path('runs', run, 'analysis.json'), 'utf8')) as Analysis;
  }

  events(run: string): RunEvent[] {
    const lines = readFileSync(this.path('runs', run, 'events.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    return lines.map((line) => JSON.parse(line) as RunEvent);
  }

  /** The data rows of a run's metrics.csv. */
  rows(run: string): string[] {
    return readFileSync(this.path('runs', run, 'metrics.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1);
  }

  close(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Nothing of the tester's own settings or keys. */
/** Sources are compiled once for all processes of all tests, which takes a third off the start of each. */
const compileCache = join(root, 'node_modules/.cache/orch-tests');

function cleanEnv(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, NO_COLOR: '1', NODE_COMPILE_CACHE: compileCache };
}

/** Waits, at most half a minute, until a line of the process's stderr matches. */
export function said(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`${pattern} was not said in: ${text}`)), 30_000);
    child.stderr?.on('data', (more: Buffer) => {
      text += more.toString();
      if (pattern.test(text)) {
        clearTimeout(timer);
        resolve();
      }
    });
  });
}

/** Seconds of load, then (given a kind of fault) seconds broken and seconds after it. */
export function scenarioText(
  name: string,
  seconds: readonly number[],
  fault?: { type: string; undo: string; node: string },
): string {
  const [calm = 3, broken = 0, after = 0] = seconds;
  const lines = [
    `name: ${name}`,
    'phases:',
    `  - { name: warmup, duration_sec: ${calm}, actions: [{ type: start_load, target: all_nodes, rps: 50 }] }`,
  ];
  if (fault !== undefined) {
    lines.push(
      `  - { name: failure, duration_sec: ${broken}, actions: [{ type: ${fault.type}, target: ${fault.node} }] }`,
      `  - { name: recovery, duration_sec: ${after}, actions: [{ type: ${fault.undo}, target: ${fault.node} }] }`,
    );
  }
  return `${lines.join('\n')}\n`;
}
