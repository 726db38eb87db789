import { sleep } from '../../clock/clock.ts';
import type { Rescuer } from '../../model/event.ts';
import { isDisturbance } from '../../model/fault-spec.ts';
import { scenarioSchema } from '../../model/scenario.ts';
import type { RunOutcome } from '../../run/coordinator.ts';
import { openFaults } from '../../run/fault-life.ts';
import { Journal } from '../../run/journal.ts';
import { makePlan } from '../../run/make-plan.ts';
import type { Plan } from '../../run/plan.ts';
import { undoJournaled } from '../../run/undo-journaled.ts';
import { drawDoom, neverKilled } from './circumstances.ts';
import { coordinate } from './coordinate.ts';
import { Dice } from './dice.ts';
import type { Life } from './life.ts';
import { randomPhases } from './random-scenario.ts';
import { Stage } from './stage.ts';
import { meddle } from './stranger.ts';
import { checkOutcome, checkRescue, checkReverse, checkWorld } from './verdict.ts';

export interface Played {
  readonly seed: number;
  /** What must not have happened, in words; empty where all is well. */
  readonly violations: readonly string[];
  /** `requested → effective` … */
  readonly transitions: ReadonlySet<string>;
  readonly timeline: string;
}

const nodes = ['a', 'b', 'c'].map(
  (name) => ({ name, kind: 'http', url: `http://127.0.0.1/${name}`, managed: true }) as const,
);
/** No process takes longer than this, whatever is withheld from it. */
const limitMs = 3_600_000;
/** By then every order that was under way has had its effect. */
const quietMs = 15_000;

/** Plays one seed: a run, what may befall it, and who puts it in order. */
export async function play(seed: number): Promise<Played> {
  const dice = new Dice(seed);
  const scenario = scenarioSchema.parse({ name: 'simulated', phases: randomPhases(dice.fork()) });
  const planned = makePlan({
    scenario,
    mode: 'http',
    nodes,
    seed,
    blastRadius: {},
    where: (path) => path.join('.'),
  });
  const plan = byRules(planned);
  const stage = new Stage(dice, plan.endMs);
  const { clock, timeline, witness } = stage;
  for (const { atMs, order } of plan.steps) {
    if (order.type === 'inject')
      timeline.say('plan', `${order.id} ${order.spec.kind} ${order.node} at ${atMs} ms`);
    if (order.type === 'undo') timeline.say('plan', `${order.id} undone at ${atMs} ms`);
  }
  try {
    await clock.run(act(stage, plan, dice), 10 * limitMs);
  } catch (error) {
    timeline.violated(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const { violations } = timeline;
  return { seed, violations, transitions: witness.transitions, timeline: timeline.toString() };
}

/** Nodes that go on running are disturbed by rules, which is all that this world has. */
function byRules(plan: Plan): Plan {
  const steps = plan.steps.map((step) =>
    step.order.type === 'inject' && isDisturbance(step.order.spec)
      ? { ...step, order: { ...step.order, means: 'rules' } }
      : step,
  );
  return { ...plan, steps };
}

async function act(stage: Stage, plan: Plan, dice: Dice): Promise<void> {
  const { clock, circumstances, disk, timeline } = stage;
  const alone = new AbortController();
  if (circumstances.meddlingMs !== null)
    void meddle(stage, dice.fork(), circumstances.meddlingMs, alone.signal);
  const outcome = await run(stage, plan, dice);
  if (outcome === null || outcome.undoFailures.length > 0) {
    await sleep(clock, dice.whole(1, 600));
    await cleanUp(stage, 'guardian', dice);
  }
  for (let tries = 0; tries < 3 && openFaults(disk.events).length > 0; tries += 1) {
    await sleep(clock, dice.whole(0, 20_000));
    await cleanUp(stage, 'recover', dice);
  }
  alone.abort();
  stage.heal();
  await cleanUp(stage, 'recover', null);
  await settleDown(stage, 'at the end');
  for (const { id, state } of openFaults(disk.events)) timeline.violated(`${id} is still open: ${state}`);
}

/** The run's own process. Null where it was killed. */
async function run(stage: Stage, plan: Plan, dice: Dice): Promise<RunOutcome | null> {
  const { disk, timeline } = stage;
  const actor = stage.enter('run', drawDoom(dice, 0.5, plan.endMs + 2_000));
  const { life } = actor;
  const outcome = await ended(stage, life, coordinate(stage, actor, plan, interruption(stage, life)));
  if (outcome === null) return null;
  const { status, reason, conclusive, undoFailures } = outcome;
  timeline.say(
    'run',
    `ended: ${[status, reason, conclusive ? '' : 'inconclusive', ...undoFailures].join(' ')}`,
  );
  checkOutcome(stage, outcome);
  const planned = new Set(plan.steps.flatMap(({ order }) => (order.type === 'undo' ? [order.id] : [])));
  checkReverse(stage, disk.events, (id) => !planned.has(id));
  if (undoFailures.length === 0) await settleDown(stage, 'after the run');
  life.die();
  return outcome;
}

function interruption({ clock, circumstances, timeline, witness }: Stage, life: Life): AbortSignal {
  const stop = new AbortController();
  const interrupt = () => {
    timeline.say('run', 'is interrupted');
    witness.interrupted();
    stop.abort('SIGINT');
  };
  if (circumstances.interruptMs !== null) {
    void life.clock(clock).sleepUntil(circumstances.interruptMs).then(interrupt);
  }
  return stop.signal;
}

/** Another process undoes what the journal shows open; with dice it may be killed while it does. */
async function cleanUp(stage: Stage, by: Rescuer, dice: Dice | null): Promise<void> {
  const { disk, timeline } = stage;
  const { life, driver, serves, sink } = stage.enter(
    by,
    dice === null ? neverKilled : drawDoom(dice, 0.4, 20_000),
  );
  const clock = life.clock(stage.clock);
  const open = openFaults(disk.events);
  const written = disk.events.length;
  timeline.say(by, `finds open: ${open.map(({ id, state }) => `${id} ${state}`).join(', ') || 'nothing'}`);
  const undoing = undoJournaled(open, {
    clock,
    by,
    journal: new Journal({ clock, startMs: 0, sink, onEvent: () => {} }),
    manifest: null,
    patienceMs: by === 'guardian' ? 300_000 : 60_000,
    refusals: by === 'guardian' ? Number.POSITIVE_INFINITY : 3,
    reach: async () => ({ driver, disturbers: driver.disturbers, serves, close: () => Promise.resolve() }),
  });
  const settled = await ended(stage, life, undoing);
  checkReverse(stage, disk.events.slice(written), () => true);
  if (settled === null) return;
  timeline.say(by, `ended: ${settled.map(({ text, state }) => `${state}: ${text}`).join('; ')}`);
  checkRescue(stage, open.length, settled);
  if (settled.every(({ state }) => state !== 'undo_failed')) await settleDown(stage, `after ${by}`);
  life.die();
}

async function settleDown(stage: Stage, when: string): Promise<void> {
  await sleep(stage.clock, quietMs);
  checkWorld(stage, when);
}

/** What a process comes to; null where it was killed. */
async function ended<T>({ clock, timeline }: Stage, life: Life, work: Promise<T>): Promise<T | null> {
  const over = new AbortController();
  const limit = sleep(clock, limitMs, over.signal).then(() => {
    if (!over.signal.aborted) timeline.violated(`${life.name} has not ended after ${limitMs / 60_000} min`);
    return null;
  });
  const result = await Promise.race([work, life.ended.then(() => null), limit]);
  over.abort();
  return result;
}
