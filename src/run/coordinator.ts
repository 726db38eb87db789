import type { LoadGenerator } from '../load/generator.ts';
import type { LiveSample } from '../load/live.ts';
import type { Correctness } from '../model/correctness.ts';
import { phaseAt } from '../model/phase.ts';
import { type Crew, type CrewOptions, crewOf } from './crew.ts';
import { complete, type Ending, endingBy, Tripped } from './ending.ts';
import { leftOutText } from './flow.ts';
import { loadChangesAt } from './load-changed.ts';
import { LoadDesk } from './load-desk.ts';
import { unreadIn, writesNote } from './writes-text.ts';
import type { WriteChecks } from '../writes/write-checks.ts';
import type { RunObserver } from './observer.ts';
import { PaceWatch } from './pace.ts';
import type { Step } from './plan.ts';
import { progressAt } from './progress.ts';
import { apply, begin, next } from './state.ts';
import { StopRules } from './stop-rules.ts';

export interface CoordinatorOptions extends CrewOptions {
  readonly load: LoadGenerator;
  /** Null where the plan checks no writes. */
  readonly writes: WriteChecks | null;
  readonly observer: RunObserver;
  /** Ends the run early: its reason is a string for an interruption, an Error for a failure of our own (a full disk). */
  readonly stop: AbortSignal;
}

export interface RunOutcome extends Ending {
  /** False where there are doubts. */
  readonly conclusive: boolean;
  /** What had no effect, was not answered as expected, or was left out, each as a sentence: nothing can be concluded then. */
  readonly doubts: readonly string[];
  /** The names of the steady-state checks that did not hold when all was undone. */
  readonly lostSteadyState: readonly string[];
  /** What came of the writes that were checked; null where none were. */
  readonly correctness: Correctness | null;
  readonly undoFailures: readonly string[];
  /** In how many seconds the generator was behind its schedule. */
  readonly behindSec: number;
}

/** How long before a change of load it is told to those who make it. */
const aheadMs = 25;

/** Works through a plan on one clock. Whatever ends it, load is stopped, faults are undone, and it says how it ended. Never rejects. */
export class Coordinator {
  readonly #options: CoordinatorOptions;
  readonly #watching = new AbortController();
  readonly #ending = new AbortController();
  readonly #stop: AbortSignal;
  readonly #crew: Crew;
  readonly #pace = new PaceWatch();
  readonly #stopRules: StopRules;
  readonly #loads: LoadDesk;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#loads = new LoadDesk(options);
    this.#stopRules = new StopRules(options.plan.stopWhen);
    this.#stop = AbortSignal.any([options.stop, this.#ending.signal]);
    const onError = (error: unknown) => this.#ending.abort(error);
    this.#crew = crewOf(options, this.#stop, onError, (step, together) => this.#toItsEnd(step, together));
  }

  async run(): Promise<RunOutcome> {
    const { plan, load, faults, writes, stop } = this.#options;
    const { queue, flows, steadyState, activities } = this.#crew;
    const watching = this.#watch();
    steadyState.watch();
    writes?.begin();
    try {
      await this.#workThrough();
    } catch (error) {
      this.#ending.abort(error);
    }
    await steadyState.close();
    await Promise.all([this.#loads.end(), writes?.end()]);
    // Together: a flow may wait for a fault that waits for the end of another.
    const [placesLeftOut] = await Promise.all([flows.close(), queue?.close()]);
    const worked = this.#stop.aborted ? endingBy(this.#stop.reason) : complete;
    await faults?.undoAll();
    await load.drain();
    const last = load.sample();
    this.#pace.see(last);
    const correctness = await this.#readBack();
    const looked = await steadyState.after(stop);
    // What is asked when all is undone is part of the run.
    const isCut = !looked || (writes !== null && stop.aborted);
    const ended = worked.status === 'complete' && isCut ? endingBy(stop.reason) : worked;
    await activities.rollBack(plan.rollbacks);
    this.#watching.abort();
    await watching;
    this.#tell(last);
    const leftOut = [...new Set(placesLeftOut)].map(leftOutText);
    if (ended.status === 'complete') await this.#warn(leftOut);
    await this.#sayHowItEnded(ended);
    const doubts = [...(queue?.doubts ?? []), ...leftOut, ...activities.doubts, ...unreadIn(correctness)];
    return {
      ...ended,
      conclusive: doubts.length === 0,
      doubts,
      lostSteadyState: steadyState.lost,
      correctness,
      behindSec: this.#pace.behindSec,
      undoFailures: faults?.undoFailures ?? [],
    };
  }

  async #workThrough(): Promise<void> {
    const { plan, clock, startMs } = this.#options;
    const stop = this.#stop;
    let state = begin(plan);
    let isDone = false;
    while (!stop.aborted) {
      const decision = next(state, clock.now() - startMs, isDone);
      if (decision.type === 'done') return;
      if (decision.type === 'wait') {
        isDone = await this.#wait(decision.untilMs, decision.orDone);
      } else {
        await this.#carryOut(decision.step);
        state = apply(state);
      }
    }
  }

  /**
   * What changes the load then is told a little ahead, so that no request is sent by a schedule that has just ended.
   * @returns Whether all that was begun was over before the time had come.
   */
  async #wait(untilMs: number, orDone: boolean): Promise<boolean> {
    const { plan, clock, startMs, load } = this.#options;
    const { queue, flows } = this.#crew;
    const done = new AbortController();
    if (orDone)
      void flows
        .settled()
        .then(() => queue?.settled())
        .then(() => done.abort());
    const either = AbortSignal.any([this.#stop, done.signal]);
    const changes = loadChangesAt(plan, untilMs);
    if (changes.length > 0) {
      await clock.sleepUntil(startMs + untilMs - aheadMs, either);
      if (!either.aborted && clock.now() < startMs + untilMs) load.foresee(changes);
    }
    await clock.sleepUntil(startMs + untilMs, either);
    return done.signal.aborted;
  }

  async #carryOut({ order, phase, atMs }: Step): Promise<void> {
    const { journal } = this.#options;
    switch (order.type) {
      case 'start_phase':
        return journal.write({ type: 'phase_started', phase, duration_sec: order.durationMs / 1000 });
      case 'end_phase':
        return journal.write({ type: 'phase_ended', phase });
      case 'set_load':
        return this.#loads.set(order.load, phase, atMs);
      case 'stop_load':
        return this.#loads.stop(order.load, phase);
      case 'choose':
        return journal.write({
          type: 'nodes_chosen',
          phase,
          action: order.action,
          nodes: order.nodes.map(({ name }) => name),
          from: order.from.map(({ name }) => name),
          why: order.why,
        });
      case 'inject':
      case 'undo':
        if (this.#crew.queue === null) throw new Error('a plan with faults needs a driver');
        void this.#crew.queue.add(order, phase, atMs);
        return undefined;
      case 'start_flow':
        return this.#crew.flows.start(order.flow);
      case 'ask':
      case 'wait':
      case 'group':
        throw new Error('its flow carries it out');
    }
  }

  /** A step of a group: what follows waits until its effect was seen, or its node serves again. */
  async #toItsEnd({ order }: Step, together: boolean): Promise<void> {
    const { plan, clock, startMs, faults } = this.#options;
    const atMs = clock.now() - startMs;
    const phase = phaseAt(plan.phases, atMs);
    if (order.type !== 'inject' && order.type !== 'undo') return this.#carryOut({ order, phase, atMs });
    await this.#crew.queue?.add(order, phase, atMs, together);
    if (order.type === 'undo') await faults?.allServe(this.#stop);
  }

  async #readBack(): Promise<Correctness | null> {
    const { writes, journal, stop } = this.#options;
    if (writes === null) return null;
    const correctness = await writes.readBack(stop);
    for (const check of correctness.checks)
      await journal.write({ type: 'note', ...writesNote(check) }).catch(() => {});
    return correctness;
  }

  async #warn(messages: readonly string[]): Promise<void> {
    for (const message of messages)
      await this.#options.journal.write({ type: 'note', level: 'warn', message }).catch(() => {});
  }

  async #sayHowItEnded({ status, reason }: Ending): Promise<void> {
    // On a full disk this line is lost; the manifest and the exit code still tell.
    const ended = this.#options.journal.write({
      type: 'run_ended',
      status,
      ...(reason === null ? {} : { reason }),
    });
    await ended.catch(() => {});
  }

  /**
   * Looks once a second how it goes, and tells the observer, until the run has ended; then that is told once more. Seconds in
   * which the machine stood still are not made up for: they are part of the one look that follows.
   */
  async #watch(): Promise<void> {
    const { clock, startMs } = this.#options;
    let second = 0;
    while (!this.#watching.signal.aborted) {
      second = Math.max(second, Math.floor((clock.now() - startMs) / 1000)) + 1;
      await clock.sleepUntil(startMs + second * 1000, this.#watching.signal);
      if (!this.#watching.signal.aborted) this.#look();
    }
  }

  #look(): void {
    const { load } = this.#options;
    const live = load.sample();
    const { isLoaded } = this.#loads;
    this.#crew.metrics.see(live, isLoaded);
    void this.#warn(this.#pace.see(live));
    const why = this.#stopRules.see(live, isLoaded);
    if (why !== null) this.#ending.abort(new Tripped(why));
    this.#tell(live);
  }

  #tell(live: LiveSample): void {
    const { clock, startMs, observer } = this.#options;
    observer.progress(progressAt(this.#options, clock.now() - startMs, live));
  }
}
