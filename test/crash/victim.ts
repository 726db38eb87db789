import { type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../../src/model/event.ts';
import { runDir, type RunDir } from '../../src/store/run-dir.ts';
import { type Finished, Workshop } from '../support.ts';
import type { Bench } from './bench.ts';
import { type CrashKind, disturbing, isDisturbingKind } from './kinds.ts';
import type { CrashCase } from './matrix.ts';
import { guardianOf, locksOf, portsOf } from './system.ts';

/** A fault of about a second, a second after the run's start. The load goes on to the end, at a steady rate. */
export const scenario = { rps: 50, endMs: 3000 } as const;

/** With iptables and tc, where orch finds no nsenter. */
const netImage = 'orch-net:local';
const lookEveryMs = 1;
const holdingsEvery = 25;

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
  /** The ports at which it was seen to listen itself: of its proxy. */
  readonly ports = new Set<number>();
  #hasEnded = false;
  #looks = 0;

  constructor(one: CrashCase, bench: Bench) {
    this.dir = runDir(this.shop.path('runs'), 'r');
    this.shop.write('config.yaml', configText(one, bench));
    this.shop.write('s.yaml', scenarioText(one));
    const args = ['run', '--scenario', 's.yaml', '--run-id', 'r', '--mode', one.mode, '--seed', '1'];
    const env = one.byHelper === true ? { ...bench.env, PATH: this.shop.directory } : bench.env;
    const { child, done } = this.shop.start([...args, '--driver', one.driver], env, true);
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
      if (this.#looks % holdingsEvery === 0) {
        for (const lock of locksOf(this.pid)) this.locks.add(lock);
        for (const port of portsOf(this.pid)) this.ports.add(port);
      }
      this.#looks += 1;
      await sleep(lookEveryMs);
    }
  }
}

function nameOf(event: RunEvent): string {
  return event.type === 'fault' ? event.state : event.type;
}

/** Whether a node is cut off from another, between which the proxy stands too: from the one that it replicates. */
function partsNodes({ driver, mode, kind }: CrashCase): boolean {
  return driver === 'process' && mode === 'redis' && kind === 'partition';
}

function configText(one: CrashCase, { nodes, project }: Bench): string {
  const { mode } = one;
  const replicas = partsNodes(one) ? '{ redis-node-2: redis-node-1 }' : '{}';
  const own = nodes.filter(({ kind }) => kind === mode);
  return [
    `${mode}_nodes: [${own.map(({ port }) => `${mode}://127.0.0.1:${port}`).join(', ')}]`,
    `${mode}_services: [${own.map(({ name }) => name).join(', ')}]`,
    `control: { docker: { project: ${project}, net_image: ${netImage} }, process: { replicas: ${replicas} } }`,
    'load: { timeout_sec: 0.3 }',
    '',
  ].join('\n');
}

function scenarioText(one: CrashCase): string {
  const target = one.mode === 'http' ? 'service-node-2' : 'redis-node-2';
  const { injected: alone, undone } = actions(one.kind);
  const injected = partsNodes(one) ? `${alone}, from: [redis-node-1]` : alone;
  const after = undone === null ? '' : `{ ${undone}, target: ${target} }`;
  return [
    'name: crash',
    'phases:',
    `  - { name: warmup, duration_sec: 1, actions: [{ type: start_load, target: all_nodes, rps: ${scenario.rps} }] }`,
    `  - { name: failure, duration_sec: 1, actions: [{ ${injected}, target: ${target} }] }`,
    `  - { name: recovery, duration_sec: 1, actions: [${after}] }`,
    '',
  ].join('\n');
}

/** The action that injects a fault, and the one that undoes it; null where that follows by itself. */
function actions(kind: CrashKind): { injected: string; undone: string | null } {
  if (isDisturbingKind(kind)) {
    const { parameters } = disturbing[kind];
    const separator = parameters === '' ? '' : ', ';
    const injected = `type: ${kind}${separator}${parameters}`;
    return { injected, undone: `type: end_fault, fault: ${kind}` };
  }
  const grace = kind === 'stop' ? ', grace_sec: 1' : '';
  const undoing = { kill: 'restart_node', stop: 'restart_node', pause: 'unpause_node', restart: null }[kind];
  return { injected: `type: ${kind}_node${grace}`, undone: undoing === null ? null : `type: ${undoing}` };
}
