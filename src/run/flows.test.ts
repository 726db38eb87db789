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

describe('faults of a node that a plan keeps apart, and that meet as things take longer', () => {
  const pause = { type: 'pause_node', target: 'a', duration_sec: 0.2 };
  const turns = [pause, { type: 'wait', duration_sec: 0.1 }, pause];
  /** By plan, the pauses are over at 0.5 s. */
  const meeting = (more: object) => [
    { type: 'sequence', actions: turns },
    kill('a', { at_sec: 0.6, duration_sec: 1, ...more }),
  ];
  const notes = (run: MemoryRun) =>
    run.events.flatMap((event) => (event.type === 'note' ? [event.message] : []));

  it('wait for one another: the later one begins late, is told to, and the run goes on', async () => {
    const run = new MemoryRun();
    const outcome = await run.execute(during(...meeting({})));
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true, undoFailures: [] });
    const lifeOf = (kind: string) =>
      ['requested', 'effective', 'undo_requested', 'undone', 'verified'].map((state) => `${kind} ${state}`);
    expect(run.faultLine('a')).toEqual([...lifeOf('pause'), ...lifeOf('pause'), ...lifeOf('kill')]);
    expect(notes(run)).toEqual(['kill of a begins 0.1 s late: pause of a had to end first']);
  });

  it('are undone no sooner than they have begun, whenever that was to be', async () => {
    const run = new MemoryRun();
    const outcome = await run.execute(during(...meeting({ duration_sec: 0.1 })));
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true, undoFailures: [] });
    expect(run.driver.calls).toEqual(['pause a', 'unpause a', 'pause a', 'unpause a', 'kill a', 'start a']);
    expect(run.clock.now()).toBeGreaterThan(59_000);
    const [, last] = run.events.filter((event) => event.type === 'fault' && event.state === 'undo_requested');
    expect(last?.run_ms).toBeLessThan(2000);
  });

  it('end the run only where one of them cannot be undone', async () => {
    const run = new MemoryRun();
    run.driver.tricks.set('unpause', 'fails');
    const outcome = await run.execute(during(...meeting({})));
    expect(outcome.reason).toMatch(/^cannot (pause|kill) a: a paused is not undone yet$/);
  });

  it('are left out where the run is over before the other is', async () => {
    const run = new MemoryRun();
    run.driver.tricks.set('unpause', 'hangs');
    const phases = [{ name: 'only', duration_sec: 2, actions: [load, ...meeting({})] }];
    const outcome = await run.execute(scenario(phases));
    expect(outcome).toMatchObject({ status: 'complete', conclusive: false });
    expect(notes(run)).toContainEqual(
      expect.stringMatching(/^kill of a was left out: (pause of a|what came before it) took until/),
    );
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

describe('a rolling action', () => {
  const rolling = { all: true, rolling: true };

  it('has the next node wait until the last is healthy again: its duration has passed, and it serves', async () => {
    const run = new MemoryRun();
    run.bootMs = 4000;
    const kills = { type: 'kill_node', target: rolling, duration_sec: 3 };
    const outcome = await run.execute(
      during({ type: 'sequence', at_sec: 1, actions: [kills, restart('a')] }),
    );
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true });
    expect(seen(run, ['requested', 'verified'])).toEqual([
      '1 a requested',
      '8 a verified',
      '8 b requested',
      '15 b verified',
      '15 c requested',
      '22 c verified',
      '22 a requested',
      '26 a verified',
    ]);
    const [chosen] = run.events.filter(({ type }) => type === 'nodes_chosen');
    expect(chosen).toMatchObject({ action: 'kill_node', nodes: ['a', 'b', 'c'] });
  });

  it('never takes two nodes down, so that a blast radius of one allows it', async () => {
    const restarts = { type: 'restart_node', target: rolling };
    const kills = { type: 'kill_node', target: rolling, duration_sec: 5 };
    for (const action of [restarts, kills]) {
      const phases = [{ name: 'only', duration_sec: 60, actions: [load, action] }];
      const run = new MemoryRun();
      const outcome = await run.execute(scenario(phases, { blast_radius: { max_down: 1, min_healthy: 2 } }));
      expect(outcome).toMatchObject({ status: 'complete', conclusive: true });
      expect(run.driver.calls.map((call) => call.split(' ')[1])).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
    }
  });

  it('ends there where a node does not come back: the others are left as they are', async () => {
    const run = new MemoryRun();
    run.serves = (node) => node !== 'a' || run.driver.calls.length === 0;
    const phases = [
      { name: 'only', duration_sec: 600, actions: [load, { type: 'restart_node', target: rolling }] },
    ];
    const outcome = await run.execute(scenario(phases));
    expect(outcome).toMatchObject({ status: 'failed', reason: expect.stringContaining('a does not answer') });
    expect(run.driver.calls).toEqual(['stop a', 'start a']);
  });

  it('draws anew each time that a group is repeated', async () => {
    const one = { type: 'restart_node', target: { random: 2, rolling: true } };
    const run = new MemoryRun();
    await run.execute(during({ type: 'repeat', count: 8, actions: [one] }));
    const drawn = run.events.flatMap((event) =>
      event.type === 'nodes_chosen' ? [event.nodes.join('')] : [],
    );
    expect(drawn).toHaveLength(8);
    expect(new Set(drawn).size).toBeGreaterThan(1);
    expect(seen(run, ['requested'])).toHaveLength(16);
  });

  it('needs an end where it disturbs nodes, and is left out where it may be skipped', async () => {
    expect(() => during({ type: 'kill_node', target: rolling })).toThrow(/rolling.*needs a `duration_sec`/s);
    const none = { service: 'x-*', rolling: true, on_no_match: 'skip' };
    const run = new MemoryRun();
    await run.execute(during({ type: 'restart_node', target: none }));
    expect(run.driver.calls).toEqual([]);
    expect(run.events).toContainEqual(
      expect.objectContaining({ type: 'nodes_chosen', nodes: [], why: expect.stringContaining('`x-*`') }),
    );
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
      'phases.0.actions.1.actions.1: cannot kill a: it is down since `only` (kill, phases.0.actions.1.actions.0); restart it first',
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
      'a rolling action whose nodes are not there',
      { type: 'restart_node', target: { service: 'x-*', rolling: true } },
      expect.stringContaining('actions.1: no node matches `x-*`'),
    ],
    [
      'a rolling action of which a turn would begin after the run’s end',
      { type: 'kill_node', target: { all: true, rolling: true }, duration_sec: 30 },
      'phases.0.actions.1: it would begin at 60 s, but the run is over by then',
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
