import { faults } from '../fault/box.ts';
import { shownUrl } from '../config/redact.ts';
import { named, plainName } from '../load/load.ts';
import { formatDuration, formatTimeLeft } from '../model/duration.ts';
import type { ActivityEvent, FaultEvent, LoadChanged, NodesChosen, RunEvent } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import type { NodeSpec } from '../model/node.ts';
import type { Progress, RunObserver } from '../run/observer.ts';
import type { Plan } from '../run/plan.ts';
import type { RunDir } from '../store/run-dir.ts';
import { LiveFrames } from './live-frames.ts';
import type { LiveLine } from './live-line.ts';
import { ms, percent, rps } from './numbers.ts';
import { repairOf } from './repair.ts';
import { type Paint, painter } from './style.ts';
import type { World } from './world.ts';

/** Without a terminal, progress is a log line this often. */
const plainEveryMs = 5_000;

type WatchedWorld = Pick<World, 'stderr' | 'clock' | 'interrupt' | 'atEmergency'>;

/** Shows a run to people, on stderr: a log of what happens and, on a terminal, live figures below it. */
export class RunView implements RunObserver {
  readonly #world: WatchedWorld;
  readonly #paint: Paint;
  readonly #line: LiveLine;
  /** When each fault, or its undo, was asked for, by the fault's id. */
  readonly #askedMs = new Map<string, number>();
  /** What is not as it was, and what would put it right, by the fault's id. */
  readonly #broken = new Map<string, { readonly what: string; readonly repair: string }>();
  readonly #onInterrupt: () => void;
  #onEmergency: () => void = () => {};
  /** On a terminal, once it is known what is to be done. */
  #frames: LiveFrames | null = null;
  #loaded = false;
  #nextPlainMs = plainEveryMs;

  /** @param line On the world’s stderr. */
  constructor(world: WatchedWorld, line: LiveLine) {
    this.#world = world;
    this.#paint = painter(world.stderr);
    this.#line = line;
    world.atEmergency(() => {
      this.#onEmergency();
      return [...this.#broken.values()].map(({ what, repair }) => `${what} (${repair})`);
    });
    this.#onInterrupt = () => this.#interrupted(world.interrupt.reason);
    world.interrupt.addEventListener('abort', this.#onInterrupt);
  }

  /** What else is to be done at once where the user interrupts for a second time. */
  inEmergency(act: () => void): void {
    this.#onEmergency = act;
  }

  announce(runId: string, plan: Plan): void {
    const phases = plan.phases.map(
      ({ name, startMs, endMs }) => `${name} ${formatDuration(endMs - startMs)}`,
    );
    this.say(
      `${this.#paint('bold', runId)}: ${phases.join(', ')} (${formatDuration(plan.endMs)} ${plan.endsWhenDone ? 'at most' : 'in all'})`,
    );
    for (const warning of plan.warnings) this.warn(warning);
    if (this.#line.isLive)
      this.#frames = new LiveFrames({
        clock: this.#world.clock,
        output: this.#world.stderr,
        line: this.#line,
        plan,
      });
  }

  /** Says which nodes were not found, or not started, where the config has them. */
  moved(planned: readonly NodeSpec[], placed: readonly NodeSpec[]): void {
    for (const [index, { name, url }] of placed.entries()) {
      const wanted = planned[index]?.url;
      if (wanted !== undefined && wanted !== url)
        this.warn(`${name} is at ${shownUrl(url)}, as the port of ${shownUrl(wanted)} is taken`);
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
    this.#frames?.event(event);
    if (text !== undefined) this.#line.log(`${at}  ${text}`);
  }

  progress(progress: Progress): void {
    if (this.#frames !== null) {
      this.#frames.progress(progress);
    } else if (progress.runMs >= this.#nextPlainMs) {
      this.#nextPlainMs += plainEveryMs;
      this.#line.log(this.#figures(progress));
    }
  }

  finish(manifest: Manifest, dir: RunDir): void {
    this.#endLive();
    const { status, reason, counts } = manifest;
    const { due, ok, fail, unknown, dropped } = counts;
    const ended = reason === null ? status : `${status} (${reason})`;
    this.say(
      `${ended}: ${due} requests due = ${ok} ok + ${fail} failed + ${unknown} unknown + ${dropped} dropped`,
    );
    if (manifest.lost_rows !== undefined)
      this.say(
        `${this.#paint('red', `${manifest.lost_rows} of them have no row`)}: metrics.csv could not be written`,
      );
    for (const broken of manifest.still_broken) this.say(`${this.#paint('red', 'STILL BROKEN')}: ${broken}`);
    for (const { what, repair } of this.#broken.values())
      this.say(`${this.#paint('cyan', 'to repair')} ${what}: ${repair}`);
    if (manifest.still_broken.length > 0)
      this.say(
        `its guardian goes on trying; \`orch recover ${manifest.run_id}\` waits for it, up to five minutes, then tries again`,
      );
    this.say(`recorded in ${dir.path}`);
  }

  /** Gives the terminal back, whatever happened. */
  close(): void {
    this.#endLive();
    this.#world.interrupt.removeEventListener('abort', this.#onInterrupt);
    this.#world.atEmergency(null);
  }

  #endLive(): void {
    this.#frames?.close();
    this.#line.end();
  }

  /** Said here, as what is written past the live block is gone when that is drawn again. A fault of our own is told elsewhere. */
  #interrupted(reason: unknown): void {
    if (typeof reason === 'string') this.say(`${reason}: stopping, undoing faults (again: stop at once)`);
  }

  #figures({ phase, phaseLeftMs, runMs, runLeftMs, live, broken }: Progress): string {
    const errors = live.errorRate === null ? '–' : percent(live.errorRate);
    const parts = [
      `${(runMs / 1000).toFixed(1).padStart(6)}s`,
      `${phase} (${formatTimeLeft(phaseLeftMs)} left, run ${formatTimeLeft(runLeftMs)})`,
      `${rps(live.throughputRps)} of ${rps(live.dueRps)} rps`,
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
        return event.demand === undefined
          ? `${named(event.load ?? plainName)} off`
          : this.#load(event.demand, event);
      case 'nodes_chosen':
        return this.#choice(event);
      case 'condition':
        return `${event.place}: ${event.of} ${event.holds ? 'holds' : 'does not hold'} (${event.evidence})`;
      case 'check':
        return this.#paint(
          event.holds ? 'green' : 'red',
          `steady state, ${event.moment}: ${event.name}: ${event.holds ? 'holds' : 'DOES NOT HOLD'} (${event.evidence})`,
        );
      case 'activity':
        return event.state === 'started' ? undefined : this.#activity(event);
      case 'note':
        return event.level === 'info'
          ? event.message
          : `${this.#paint('yellow', 'warning')}: ${event.message}`;
      case 'fault':
        return this.#fault(event);
    }
  }

  /** At the first load, how the seconds here and those of the analysis differ: it knows no run's start, only requests. */
  #load(demand: string, { nodes, to = nodes, run_ms: runMs, wall_sec: wallSec }: LoadChanged): string {
    const load = `${demand} over ${to.join(', ')}`;
    if (this.#loaded) return load;
    this.#loaded = true;
    const shiftSec = (wallSec % 1) - runMs / 1000;
    const shift = `${shiftSec < 0 ? '−' : '+'} ${Math.abs(shiftSec).toFixed(2)} s`;
    return `${load} ${this.#paint('dim', `(seconds in analysis and charts: these ${shift})`)}`;
  }

  #choice({ action, nodes, why }: NodesChosen): string {
    if (nodes.length === 0) return this.#paint('yellow', `${action} is skipped: ${why}`);
    return `${action}: ${nodes.join(', ')} ${this.#paint('dim', `(${why})`)}`;
  }

  #activity({ what, is_rollback, state, detail }: ActivityEvent): string {
    const text = `${is_rollback ? 'rollback: ' : ''}${what}: ${state}${detail === undefined ? '' : ` (${detail})`}`;
    return state === 'failed' ? this.#paint('red', text) : text;
  }

  #fault({ id, kind, node, state, run_ms: runMs, detail, undo, spec }: FaultEvent): string | undefined {
    const asked = this.#askedMs.get(id) ?? runMs;
    const took = formatDuration(runMs - asked);
    const { undoneBy } = faults[kind];
    switch (state) {
      case 'requested':
        this.#askedMs.set(id, runMs);
        this.#broken.set(id, {
          what: spec === undefined ? `${node}: ${kind}` : `${node} ${faults[kind].participle(spec)}`,
          repair: undo === undefined ? undoneBy : repairOf(kind, undo),
        });
        return `${kind} ${node}: asked for`;
      case 'effective':
        return this.#paint('red', `${kind} ${node}: effective after ${took}`);
      case 'ineffective':
        return this.#paint('yellow', `${kind} ${node}: ${detail ?? ''}`);
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
