import { faults } from '../fault/box.ts';
import { shownUrl } from '../config/redact.ts';
import { formatDuration } from '../model/duration.ts';
import type { FaultEvent, RunEvent } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import type { NodeSpec } from '../model/node.ts';
import type { Progress, RunObserver } from '../run/observer.ts';
import type { Plan } from '../run/plan.ts';
import type { RunDir } from '../store/run-dir.ts';
import { LiveLine } from './live-line.ts';
import { ms, percent, rps } from './numbers.ts';
import { type Paint, painter } from './style.ts';
import type { World } from './world.ts';

/** Without a terminal, progress is a log line this often. */
const plainEveryMs = 5_000;

/** Shows a run to people, on stderr: a log of what happens and, on a terminal, live figures below it. */
export class RunView implements RunObserver {
  readonly #world: World;
  readonly #paint: Paint;
  readonly #line: LiveLine;
  /** When each fault, or its undo, was asked for, by the fault's id. */
  readonly #askedMs = new Map<string, number>();
  /** What is not as it was, by the fault's id. */
  readonly #broken = new Map<string, string>();
  #nextPlainMs = plainEveryMs;

  constructor(world: World) {
    this.#world = world;
    this.#paint = painter(world.stderr);
    this.#line = new LiveLine(world.stderr);
    world.atEmergency(() => [...this.#broken.values()]);
  }

  announce(runId: string, plan: Plan): void {
    const phases = plan.phases.map(
      ({ name, startMs, endMs }) => `${name} ${formatDuration(endMs - startMs)}`,
    );
    this.say(`${this.#paint('bold', runId)}: ${phases.join(', ')} (${formatDuration(plan.endMs)} in all)`);
    for (const warning of plan.warnings) this.warn(warning);
  }

  /** Says which nodes were not found, or not started, where the config has them. */
  moved(planned: readonly NodeSpec[], placed: readonly NodeSpec[]): void {
    for (const [index, { name, url }] of placed.entries()) {
      const wanted = planned[index]?.url;
      if (wanted !== undefined && wanted !== url)
        this.warn(`${name} is at ${url}, as the port of ${shownUrl(wanted)} is taken`);
    }
  }

  say(text: string): void {
    this.#line.log(text);
  }

  warn(text: string): void {
    this.#line.log(`${this.#paint('yellow', 'warning')}: ${text}`);
  }

  event(event: RunEvent): void {
    const at = this.#paint('dim', `${(event.run_ms / 1000).toFixed(1).padStart(6)}s`);
    const text = this.#sentence(event);
    if (text !== undefined) this.#line.log(`${at}  ${text}`);
  }

  progress(progress: Progress): void {
    if (this.#line.isLive) {
      this.#line.redraw(this.#figures(progress));
    } else if (progress.runMs >= this.#nextPlainMs) {
      this.#nextPlainMs += plainEveryMs;
      this.#line.log(this.#figures(progress));
    }
  }

  finish(manifest: Manifest, dir: RunDir): void {
    this.#line.end();
    const { status, reason, counts } = manifest;
    const { due, ok, fail, unknown, dropped } = counts;
    const ended = reason === null ? status : `${status} (${reason})`;
    this.say(
      `${ended}: ${due} requests due = ${ok} ok + ${fail} failed + ${unknown} unknown + ${dropped} dropped`,
    );
    for (const broken of manifest.still_broken) this.say(`${this.#paint('red', 'STILL BROKEN')}: ${broken}`);
    if (due === 0) this.warn('no request was due: nothing can be concluded');
    else if (!manifest.conclusive) this.warn('a fault had no effect: nothing can be concluded from this run');
    this.say(`recorded in ${dir.path}`);
  }

  /** Gives the terminal back, whatever happened. */
  close(): void {
    this.#line.end();
    this.#world.atEmergency(null);
  }

  #figures({ phase, phaseLeftMs, runMs, runLeftMs, targetRps, live, broken }: Progress): string {
    const errors = live.errorRate === null ? '–' : percent(live.errorRate);
    const parts = [
      `${(runMs / 1000).toFixed(1).padStart(6)}s`,
      `${phase} (${formatDuration(phaseLeftMs)} left, run ${formatDuration(runLeftMs)})`,
      `${rps(live.throughputRps)} of ${rps(targetRps)} rps`,
      `p95 ${ms(live.p95LatencyMs)}`,
      `errors ${live.errorRate === null || live.errorRate === 0 ? errors : this.#paint('red', errors)} (${live.totalErrors} in all)`,
    ];
    if (live.inFlight > 0) parts.push(`${live.inFlight} in flight`);
    if (broken.length > 0) parts.push(this.#paint('red', `broken: ${broken.join(', ')}`));
    return parts.join('  ');
  }

  #sentence(event: RunEvent): string | undefined {
    switch (event.type) {
      case 'run_started':
      case 'phase_ended':
      case 'run_ended':
        return undefined;
      case 'phase_started':
        return `phase ${this.#paint('bold', event.phase)} (${formatDuration(event.duration_sec * 1000)})`;
      case 'load_changed':
        return event.rps === 0 ? 'load off' : `load ${rps(event.rps)} rps over ${event.nodes.join(', ')}`;
      case 'note':
        return event.message;
      case 'fault':
        return this.#fault(event);
    }
  }

  #fault({ id, kind, node, state, run_ms: runMs, detail }: FaultEvent): string | undefined {
    const asked = this.#askedMs.get(id) ?? runMs;
    const took = formatDuration(runMs - asked);
    const { participle, undoneBy } = faults[kind];
    switch (state) {
      case 'requested':
        this.#askedMs.set(id, runMs);
        this.#broken.set(id, `${node} ${participle} (undo: ${undoneBy})`);
        return `${kind} ${node}: asked for`;
      case 'effective':
        return this.#paint('red', `${kind} ${node}: effective after ${took}`);
      case 'ineffective':
        return this.#paint('yellow', `${kind} ${node}: no effect was seen`);
      case 'failed':
        return this.#paint('red', `${kind} ${node}: failed: ${detail ?? ''}`);
      case 'undo_requested':
        this.#askedMs.set(id, runMs);
        return undefined;
      case 'undone':
        return `${kind} ${node}: undone after ${took}`;
      case 'verified':
        this.#broken.delete(id);
        return this.#paint('green', `${kind} ${node}: serves again after ${took}`);
      case 'superseded':
        this.#broken.delete(id);
        return this.#paint('yellow', `${kind} ${node}: nothing of ours left to undo: ${detail ?? ''}`);
      case 'undo_failed':
        return this.#paint('red', `${kind} ${node}: could not be undone: ${detail ?? ''}`);
    }
  }
}
