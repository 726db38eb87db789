import { type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../../src/model/event.ts';
import { runDir, type RunDir } from '../../src/store/run-dir.ts';
import { type Finished, Workshop } from '../support.ts';
import type { Bench } from './bench.ts';
import type { CrashCase } from './matrix.ts';
import { guardianOf, locksOf } from './system.ts';

/** A fault of about a second, a second after the run's start. The load goes on to the end, at a steady rate. */
export const scenario = { rps: 50, endMs: 3000 } as const;

const lookEveryMs = 1;
const locksEvery = 25;

/** A run that is going to be killed: the real CLI, at the head of a process group of its own. */
export class Victim {
  readonly shop = new Workshop();
  readonly dir: RunDir;
  readonly child: ChildProcess;
  readonly done: Promise<Finished>;
  /** Known as soon as it is seen among the children of the coordinator. */
  guardian: number | undefined;
  /** The names of all locks that it was seen to hold. */
  readonly locks = new Set<string>();
  #hasEnded = false;
  #looks = 0;

  constructor(one: CrashCase, bench: Bench) {
    this.dir = runDir(this.shop.path('runs'), 'r');
    this.shop.write('config.yaml', configText(one, bench));
    this.shop.write('s.yaml', scenarioText(one));
    const args = ['run', '--scenario', 's.yaml', '--run-id', 'r', '--mode', one.mode, '--seed', '1'];
    const { child, done } = this.shop.start([...args, '--driver', one.driver], bench.env, true);
    this.child = child;
    this.done = done;
    child.on('exit', () => {
      this.#hasEnded = true;
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resolves as soon as it has come to that moment; to false where it ended before. */
  async comesTo({ moment, number }: CrashCase, randomMs: number): Promise<boolean> {
    if (!(await this.#sees(() => existsSync(this.dir.path)))) return false;
    if (moment === 'directory') return true;
    if (!(await this.#sees(() => existsSync(this.dir.manifest)))) return false;
    if (moment === 'manifest') return true;
    if (moment === 'random') {
      const atMs = performance.now() + randomMs;
      return this.#sees(() => performance.now() >= atMs);
    }
    // A scenario has three phases; each gets its turn.
    const nth = moment === 'phase_started' ? 1 + (number % 3) : 1;
    return this.#sees(() => this.events().filter((event) => nameOf(event) === moment).length >= nth);
  }

  /** The whole lines of the journal so far. */
  events(): readonly RunEvent[] {
    if (!existsSync(this.dir.events)) return [];
    const lines = readFileSync(this.dir.events, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as RunEvent);
  }

  async #sees(it: () => boolean): Promise<boolean> {
    for (;;) {
      if (this.#hasEnded) return false;
      if (it()) return true;
      this.guardian ??= guardianOf(this.pid);
      if (this.#looks % locksEvery === 0) for (const lock of locksOf(this.pid)) this.locks.add(lock);
      this.#looks += 1;
      await sleep(lookEveryMs);
    }
  }
}

function nameOf(event: RunEvent): string {
  return event.type === 'fault' ? event.state : event.type;
}

function configText({ mode }: CrashCase, { nodes, project }: Bench): string {
  const own = nodes.filter(({ kind }) => kind === mode);
  return [
    `${mode}_nodes: [${own.map(({ port }) => `${mode}://127.0.0.1:${port}`).join(', ')}]`,
    `${mode}_services: [${own.map(({ name }) => name).join(', ')}]`,
    `control: { docker: { project: ${project} } }`,
    'load: { timeout_sec: 0.3 }',
    '',
  ].join('\n');
}

function scenarioText({ mode, kind }: CrashCase): string {
  const target = mode === 'http' ? 'service-node-2' : 'redis-node-2';
  const grace = kind === 'stop' ? ', grace_sec: 1' : '';
  const undo = { kill: 'restart_node', stop: 'restart_node', pause: 'unpause_node', restart: undefined }[
    kind
  ];
  const after = undo === undefined ? '' : `{ type: ${undo}, target: ${target} }`;
  return [
    'name: crash',
    'phases:',
    `  - { name: warmup, duration_sec: 1, actions: [{ type: start_load, target: all_nodes, rps: ${scenario.rps} }] }`,
    `  - { name: failure, duration_sec: 1, actions: [{ type: ${kind}_node, target: ${target}${grace} }] }`,
    `  - { name: recovery, duration_sec: 1, actions: [${after}] }`,
    '',
  ].join('\n');
}
