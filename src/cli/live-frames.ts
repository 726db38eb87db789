import { type Clock, sleep } from '../clock/clock.ts';
import type { RunEvent } from '../model/event.ts';
import { phaseAt } from '../model/phase.ts';
import { FaultsInForce } from '../run/faults-in-force.ts';
import type { Progress } from '../run/observer.ts';
import type { Plan } from '../run/plan.ts';
import { liveBlock } from './live-block.ts';
import { type LiveFigures, LiveFigureBook } from './live-figures.ts';
import type { LiveLine } from './live-line.ts';
import { type Paint, painter } from './style.ts';
import type { Output } from './world.ts';

/** Often enough for clocks and bars to move smoothly; the figures themselves are of whole seconds. */
const frameMs = 250;

/** Draws the live view of a run a few times a second, from the first second on until it is closed. */
export class LiveFrames {
  readonly #clock: Clock;
  readonly #output: Output;
  readonly #line: LiveLine;
  readonly #plan: Plan;
  readonly #paint: Paint;
  readonly #faults = new FaultsInForce();
  readonly #book = new LiveFigureBook();
  readonly #closing = new AbortController();
  #told: { readonly figures: LiveFigures; readonly startMs: number } | null = null;

  constructor(options: { clock: Clock; output: Output; line: LiveLine; plan: Plan }) {
    this.#clock = options.clock;
    this.#output = options.output;
    this.#line = options.line;
    this.#plan = options.plan;
    this.#paint = painter(options.output);
  }

  event(event: RunEvent): void {
    this.#faults.see(event);
  }

  progress(progress: Progress): void {
    const isFirst = this.#told === null;
    this.#told = { figures: this.#book.see(progress), startMs: this.#clock.now() - progress.runMs };
    this.draw();
    if (isFirst) void this.#tick();
  }

  /** Draws what is now. */
  draw(): void {
    if (this.#told === null || this.#closing.signal.aborted) return;
    const { phases, endMs, nodes } = this.#plan;
    const { figures, startMs } = this.#told;
    const runMs = this.#clock.now() - startMs;
    const phase = phases.find(({ name }) => name === phaseAt(phases, runMs));
    const state = {
      phase:
        phase === undefined || runMs >= endMs
          ? null
          : { name: phase.name, lengthMs: phase.endMs - phase.startMs, leftMs: phase.endMs - runMs },
      runMs,
      endMs,
      figures,
      nodes: nodes.map(({ name }) => ({
        name,
        figure: figures.nodes.get(name),
        isTakenDown: this.#faults.takesDown(name),
      })),
      faults: this.#faults.list,
    };
    this.#line.redraw(liveBlock(state, this.#output.columns, this.#paint));
  }

  close(): void {
    this.#closing.abort();
  }

  async #tick(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await sleep(this.#clock, frameMs, signal);
      this.draw();
    }
  }
}
