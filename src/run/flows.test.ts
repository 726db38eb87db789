import { describe, expect, it } from 'vitest';
import { MemoryRun, scenario } from '../testing/memory-run.ts';
import { OrchError } from '../model/errors.ts';

const load = { type: 'start_load', target: 'all_nodes', rps: 10 };
const restart = (target: string) => ({ type: 'restart_node', target });
const kill = (target: string, more: object = {}) => ({ type: 'kill_node', target, ...more });

function during(...actions: readonly unknown[]) {
  return scenario([{ name: 'only', duration_sec: 60, actions: [load, ...actions] }]);
}

/** What was seen of the faults, as `second node state`, rounded. */
function seen(run: MemoryRun, states: readonly string[]): string[] {
  return run.events.flatMap((event) =>
    event.type === 'fault' && states.includes(event.state)
      ? [`${Math.round(event.run_ms / 1000)} ${event.node} ${event.state}`]
      : [],
  );
}

describe('a sequence', () => {
  it('begins each part when the one before it is over: its duration has passed, and its node serves again', async () => {
    const run = new MemoryRun();
    run.bootMs = 4000;
    const outcome = await run.execute(
      during({
        type: 'sequence',
        at_sec: 2,
        actions: [
          kill('a', { duration_sec: 3 }),
          { type: 'wait', duration_sec: 5 },
          restart('b'),
          restart('c'),
        ],
      }),
    );
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true });
    expect(seen(run, ['requested', 'verified'])).toEqual([
      '2 a requested',
      // Killed for three seconds, four more until it serves; then the wait of five.
      '9 a verified',
      '14 b requested',
      '18 b verified',
      '18 c requested',
      '22 c verified',
    ]);
  });

  it('that the run’s end cuts short is left out in part, and nothing is concluded from the run', async () => {
    const run = new MemoryRun();
    run.bootMs = 25_000;
    const sequence = { type: 'sequence', actions: ['a', 'b', 'c', 'a'].map(restart) };
    const outcome = await run.execute(during(sequence));
    expect(outcome).toMatchObject({ status: 'complete', conclusive: false, undoFailures: [] });
    expect(seen(run, ['requested'])).toEqual(['0 a requested', '25 b requested', '50 c requested']);
    expect(run.events).toContainEqual(
      expect.objectContaining({ type: 'note', message: expect.stringContaining('was left out') }),
    );
  });

  it('stops where the run is interrupted, with everything undone', async () => {
    const run = new MemoryRun();
    const begun = run.begin(
      during({ type: 'sequence', actions: [kill('a', { duration_sec: 10 }), kill('b')] }),
    );
    await run.clock.advance(5000);
    run.stop.abort('SIGINT');
    expect(await run.clock.run(begun)).toMatchObject({ status: 'interrupted', undoFailures: [] });
    expect(run.driver.calls).toEqual(['kill a', 'start a']);
  });
});

describe('a parallel group', () => {
  it('is over when the last of its parts is', async () => {
    const run = new MemoryRun();
    const together = {
      type: 'parallel',
      actions: [kill('a', { duration_sec: 2 }), kill('b', { duration_sec: 6, at_sec: 1 })],
    };
    await run.execute(during({ type: 'sequence', actions: [together, kill('c', { duration_sec: 1 })] }));
    expect(seen(run, ['requested', 'undo_requested'])).toEqual([
      '0 a requested',
      '1 b requested',
      '2 a undo_requested',
      '7 b undo_requested',
      '7 c requested',
      '8 c undo_requested',
    ]);
  });
});

describe('faults side by side', () => {
  it('begin together in a parallel group: none waits for the effect of another, only for its intent', async () => {
    const run = new MemoryRun();
    await run.execute(during({ type: 'parallel', actions: ['a', 'b', 'c'].map((node) => kill(node)) }));
    const states = run.events.flatMap((event) =>
      event.type === 'fault' ? [`${event.node} ${event.state}`] : [],
    );
    expect(states.slice(0, 6)).toEqual([
      'a requested',
      'b requested',
      'c requested',
      'a effective',
      'b effective',
      'c effective',
    ]);
    const oneByOne = new MemoryRun();
    await oneByOne.execute(during(...['a', 'b', 'c'].map((node) => kill(node))));
    expect(
      seen(oneByOne, ['requested', 'effective'])
        .map((line) => line.slice(2))
        .slice(0, 4),
    ).toEqual(['a requested', 'a effective', 'b requested', 'b effective']);
  });
});

describe('a repetition', () => {
  it('begins each time after so many seconds, or when the last is over where that takes longer', async () => {
    const run = new MemoryRun();
    const again = { type: 'repeat', count: 3, every_sec: 10, actions: [kill('a', { duration_sec: 2 })] };
    await run.execute(during(again));
    expect(seen(run, ['requested'])).toEqual(['0 a requested', '10 a requested', '20 a requested']);
    const slow = new MemoryRun();
    slow.bootMs = 12_000;
    await slow.execute(during(again));
    expect(seen(slow, ['requested'])).toEqual(['0 a requested', '14 a requested', '28 a requested']);
  });
});

describe('a plan with groups', () => {
  const mistakesOf = async (...actions: readonly unknown[]) => {
    try {
      await new MemoryRun().execute(during(...actions));
    } catch (error) {
      if (error instanceof OrchError) return error.details;
    }
    return [];
  };

  it.each([
    [
      'a fault that is in force already, if all goes as planned',
      { type: 'parallel', actions: [kill('a'), kill('a', { at_sec: 3 })] },
      'phases.0.actions.1.actions.1: cannot kill a: it is down since `only` (kill); restart it first',
    ],
    [
      'a part after the run’s end',
      { type: 'sequence', actions: [{ type: 'wait', duration_sec: 60 }, kill('a')] },
      'phases.0.actions.1.actions.1: it would begin at 60 s, but the run is over by then',
    ],
    [
      'a wait that nothing follows',
      { type: 'wait', duration_sec: 1 },
      'phases.0.actions.1: wait means something in a sequence only',
    ],
    [
      'a node that is not there, in depth',
      { type: 'repeat', count: 1, actions: [kill('x')] },
      expect.stringContaining('actions.1.actions.0: there is no node `x`'),
    ],
  ])('is refused for %s', async (_, action, mistake) => {
    expect(await mistakesOf(action)).toEqual([mistake]);
  });
});
