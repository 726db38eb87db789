import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../clock/virtual.ts';
import { NodeGone } from '../control/driver.ts';
import type { FaultState, RunEvent } from '../model/event.ts';
import { MemoryDriver } from '../testing/memory-driver.ts';
import { type JournaledFault, openFaults } from './fault-life.ts';
import { OrchError } from '../model/errors.ts';
import { undoFault } from './undo.ts';

/** Undoes a fault of node `a` that stands as given, in a world of its own. */
function worldOf(kind: 'kill' | 'pause', state: FaultState = 'requested') {
  const clock = new VirtualClock();
  const driver = new MemoryDriver(clock, ['a']);
  const written: FaultState[] = [];
  const warned: string[] = [];
  const fault: JournaledFault = {
    id: 'f1',
    spec: { kind },
    means: null,
    prepared: null,
    node: 'a',
    phase: 'failure',
    state,
    wasEffective: state === 'effective',
    undoOrdered: false,
    note: { driver: 'docker', incarnation: 'a#1', settle_ms: 5000, limit_ms: 60_000, how: '' },
  };
  const undo = (serves = async () => driver.stateOf('a') === 'running') =>
    clock.run(
      undoFault(fault, {
        clock,
        hands: { driver, disturbers: [] },
        serves,
        isBeset: () => false,
        untilMs: clock.now() + 60_000,
        refusals: 3,
        write: async (next) => void written.push(next),
        warn: async (message) => void warned.push(message),
      }).then((wait) => wait()),
    );
  return { clock, driver, written, warned, undo };
}

describe('undoing', () => {
  it('starts a node again that has ended as soon as it was started: that is nobody else’s doing', async () => {
    const { clock, driver, written, undo } = worldOf('kill', 'effective');
    await clock.run(driver.kill('a'));
    const observe = driver.observe.bind(driver);
    // The first start comes to nothing before anybody could see it run.
    driver.observe = async (node) => {
      const seen = await observe(node);
      if (seen.incarnation === 'a#2' && seen.state === 'running') await driver.kill(node);
      return observe(node);
    };
    await undo();
    expect(written).toEqual(['undo_requested', 'undone', 'verified']);
    expect(driver.stateOf('a')).toBe('running');
  });

  it('watches for a late fault anew where the engine stands still, as that holds the fault back', async () => {
    const { clock, driver, written, undo } = worldOf('pause');
    const observe = driver.observe.bind(driver);
    const stillMs = { from: 1_000, to: 15_000 };
    driver.observe = async (node) => {
      if (clock.now() >= stillMs.from) await clock.sleepUntil(stillMs.to);
      return observe(node);
    };
    // The order that the engine held takes effect a little after it has come back.
    void clock.sleepUntil(stillMs.to + 3_000).then(() => driver.pause('a'));
    await undo();
    expect(driver.calls).toEqual(['pause a', 'unpause a']);
    expect(written).toEqual(['undo_requested', 'undone', 'verified']);
  });

  it('is not sure of an engine that stands still again and again: the fault is not called undone', async () => {
    const { clock, driver, written, undo } = worldOf('pause');
    const observe = driver.observe.bind(driver);
    driver.observe = async (node) => {
      await clock.sleepUntil(clock.now() + 3_000);
      return observe(node);
    };
    await expect(undo()).rejects.toThrow('the engine stands still');
    expect(written).toEqual(['undo_requested']);
  });

  it('takes a node that somebody else removed before it served again for theirs, not for one it could not undo', async () => {
    const { clock, driver, written, undo } = worldOf('kill', 'effective');
    await clock.run(driver.kill('a'));
    const serves = async () => {
      driver.observe = (node) => Promise.reject(new NodeGone(`${node} was removed`));
      return false;
    };
    await undo(serves);
    expect(written).toEqual(['undo_requested', 'undone', 'superseded']);
  });
});

describe('a fault that somebody else has undone first', () => {
  it.each([
    ['kill', 'start'],
    ['pause', 'unpause'],
  ] as const)('is told: %s, and a stranger’s %s', async (kind, power) => {
    const { clock, driver, written, warned, undo } = worldOf(kind, 'effective');
    await clock.run(driver[kind]('a').then(() => driver[power]('a')));
    await undo();
    expect(written).toEqual(['undo_requested', 'undone', 'verified']);
    expect(warned).toEqual([
      `${kind} a was undone by somebody else, or by a restart policy, first: the node was running already (a is running)`,
    ]);
  });

  it('is none where it never took effect, or where it was ours to undo', async () => {
    const never = worldOf('kill', 'ineffective');
    await never.undo();
    const ours = worldOf('kill', 'effective');
    await ours.clock.run(ours.driver.kill('a'));
    await ours.undo();
    expect([...never.warned, ...ours.warned]).toEqual([]);
  });
});

describe('a journal', () => {
  it('shows that an undo was ordered by what came of it, where the disk was too full for the order', () => {
    const line = (state: FaultState): RunEvent => ({
      type: 'fault',
      run_ms: 0,
      wall_sec: 0,
      id: 'f1',
      kind: 'kill',
      node: 'a',
      phase: 'failure',
      state,
      ...(state === 'requested' && {
        undo: { driver: 'docker', incarnation: 'a#1', settle_ms: 0, limit_ms: 60_000, how: '' },
      }),
    });
    expect(openFaults([line('requested'), line('effective')])).toMatchObject([{ undoOrdered: false }]);
    expect(openFaults([line('requested'), line('undo_failed')])).toMatchObject([{ undoOrdered: true }]);
  });

  it('does not take what an engine shows while it restarts for somebody else’s doing', async () => {
    const { clock, driver, written, undo } = worldOf('pause', 'effective');
    await clock.run(driver.pause('a'));
    const observe = driver.observe.bind(driver);
    driver.observe = async (node) => {
      const nowMs = clock.now();
      if (nowMs > 1_000 && nowMs < 12_000) throw new OrchError('docker-unreachable', 'it restarts');
      const seen = await observe(node);
      // It ends its containers as it goes down, and starts them again a while after it has come back.
      return nowMs < 14_000
        ? { ...seen, state: 'stopped' }
        : { ...seen, state: 'running', incarnation: 'a#2' };
    };
    await undo(async () => true);
    expect(written).toEqual(['undo_requested', 'undone', 'verified']);
    expect(driver.calls).toEqual(['pause a']);
  });

  it('takes a node that stays as nobody of us has left it for somebody else’s', async () => {
    const { clock, driver, written, undo } = worldOf('pause', 'effective');
    await clock.run(driver.kill('a'));
    await undo();
    expect(written).toEqual(['undo_requested', 'superseded']);
    expect(driver.calls).toEqual(['kill a']);
  });
});
