import { describe, expect, it } from 'vitest';
import { MemoryRun, scenario } from '../testing/memory-run.ts';

const load = { type: 'start_load', target: 'all_nodes', rps: 50 };
const failureOf = (type: string) =>
  scenario([
    { name: 'warmup', duration_sec: 5, actions: [load] },
    { name: 'failure', duration_sec: 5, actions: [{ type, target: 'b' }] },
    { name: 'recovery', duration_sec: 5, actions: [{ type: 'restart_node', target: 'b' }] },
  ]);

describe('a run', () => {
  it('makes every request due a record, in the phase in which it was due', async () => {
    const run = new MemoryRun();
    const outcome = await run.execute(failureOf('kill_node'));
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true, undoFailures: [] });
    expect(run.records.length).toBe(15 * 50);
    expect(new Set(run.records.map(({ seq }) => seq)).size).toBe(750);
    for (const phase of ['warmup', 'failure', 'recovery']) {
      expect(run.records.filter((record) => record.phase === phase).length).toBe(250);
    }
  });

  it('kills a node and brings it back, journaled step by step, the load failing on that node alone', async () => {
    const run = new MemoryRun();
    await run.execute(failureOf('kill_node'));
    expect(run.faultLine('b')).toEqual([
      'kill requested',
      'kill effective',
      'kill undo_requested',
      'kill undone',
      'kill verified',
    ]);
    const failed = run.records.filter(({ outcome }) => outcome !== 'ok');
    expect(new Set(failed.map(({ node }) => node))).toEqual(new Set(['b']));
    expect(failed.length / 250).toBeGreaterThan(0.25);
    expect(failed.length / 250).toBeLessThan(0.42);
  });

  it('is the same for the same seed, and another for another', async () => {
    const nodesOf = async (seed: number) => {
      const run = new MemoryRun();
      await run.execute(failureOf('kill_node'), seed);
      return run.records.map(({ node }) => node).join('');
    };
    expect(await nodesOf(7)).toBe(await nodesOf(7));
    expect(await nodesOf(7)).not.toBe(await nodesOf(8));
  });

  it('brings back what the scenario left broken when it ends', async () => {
    const run = new MemoryRun();
    const left = scenario([
      {
        name: 'only',
        duration_sec: 2,
        actions: [
          load,
          { type: 'kill_node', target: 'a' },
          { type: 'pause_node', target: 'b' },
          { type: 'stop_node', target: 'c' },
        ],
      },
    ]);
    expect((await run.execute(left)).status).toBe('complete');
    expect(['a', 'b', 'c'].map((node) => run.driver.stateOf(node))).toEqual([
      'running',
      'running',
      'running',
    ]);
    // The last fault is undone first.
    expect(run.driver.calls.slice(3)).toEqual(['start c', 'unpause b', 'start a']);
  });

  it('brings all nodes back before it waits for any to serve, also where one was being waited for', async () => {
    const run = new MemoryRun();
    run.bootMs = 20_000;
    const running = run.begin(
      scenario([
        { name: 'one', duration_sec: 1, actions: [load, { type: 'kill_node', target: 'a' }] },
        {
          name: 'two',
          duration_sec: 1,
          actions: [
            { type: 'pause_node', target: 'b' },
            { type: 'stop_node', target: 'c' },
            { type: 'restart_node', target: 'a' },
          ],
        },
        { name: 'three', duration_sec: 60 },
      ]),
    );
    await run.clock.advance(5000);
    run.stop.abort('SIGINT');
    await run.clock.advance(1000);
    const states = ['a', 'b', 'c'].map((node) => run.driver.stateOf(node));
    expect(states).toEqual(['running', 'running', 'running']);
    const outcome = await run.clock.run(running);
    expect(outcome).toMatchObject({ status: 'interrupted', undoFailures: [] });
    for (const node of ['a', 'b', 'c']) expect(run.faultLine(node).at(-1)).toMatch(/verified$/);
    expect(run.faultLine('a').filter((line) => line.endsWith('undo_requested'))).toHaveLength(1);
  });

  it('that is interrupted undoes the fault, waits for requests in flight and says so', async () => {
    const run = new MemoryRun();
    const running = run.begin(failureOf('pause_node'));
    await run.clock.advance(6000);
    expect(run.driver.stateOf('b')).toBe('paused');
    run.stop.abort('SIGINT');
    const outcome = await run.clock.run(running);
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'SIGINT', undoFailures: [] });
    expect(run.driver.stateOf('b')).toBe('running');
    expect(run.events.at(-1)).toMatchObject({ type: 'run_ended', status: 'interrupted', reason: 'SIGINT' });
    expect(run.records.length).toBe(6 * 50 + 1);
    expect(run.records.filter(({ outcome: one }) => one === 'unknown').length).toBeGreaterThan(0);
  });

  it('that cannot journal its intent injects nothing', async () => {
    const run = new MemoryRun();
    run.beforeWrite = (event) => {
      if (event.type === 'fault') throw new Error('no space');
    };
    const outcome = await run.execute(failureOf('kill_node'));
    expect(outcome).toMatchObject({ status: 'failed', reason: 'no space' });
    expect(run.driver.calls).toEqual([]);
  });

  it('undoes all the same where the undo cannot be journaled', async () => {
    const run = new MemoryRun();
    run.beforeWrite = (event) => {
      if (event.type === 'fault' && event.state.startsWith('und')) throw new Error('no space');
    };
    await run.execute(failureOf('kill_node'));
    expect(run.driver.stateOf('b')).toBe('running');
  });

  it('whose fault has no effect goes on, and is inconclusive', async () => {
    const run = new MemoryRun();
    run.driver.tricks.set('kill', 'does_nothing');
    const outcome = await run.execute(failureOf('kill_node'));
    expect(outcome).toMatchObject({ status: 'complete', conclusive: false });
    expect(run.faultLine('b')).toContain('kill ineffective');
  });

  it.each(['fails', 'hangs'] as const)(
    'whose driver %s to inject ends as failed, with everything as it was',
    async (trick) => {
      const run = new MemoryRun();
      run.driver.tricks.set('kill', trick);
      const outcome = await run.execute(failureOf('kill_node'));
      expect(outcome.status).toBe('failed');
      expect(outcome.error).toMatchObject({ code: 'fault-failed' });
      expect(run.driver.stateOf('b')).toBe('running');
    },
  );

  it.each(['fails', 'hangs', 'does_nothing'] as const)(
    'whose driver %s to undo tries again, bounded, and names what is still broken without hiding anything',
    async (trick) => {
      const run = new MemoryRun();
      run.driver.tricks.set('start', trick);
      const outcome = await run.execute(failureOf('kill_node'));
      expect(outcome.status).toBe('complete');
      expect(outcome.undoFailures).toEqual([expect.stringMatching(/^b killed: /)]);
      expect(run.faultLine('b')).toContain('kill undo_failed');
    },
  );

  it('does not disturb a node that is down already', async () => {
    const run = new MemoryRun();
    await run.clock.run(run.driver.kill('b'));
    const outcome = await run.execute(failureOf('stop_node'));
    expect(outcome.error).toMatchObject({
      code: 'fault-failed',
      message: expect.stringContaining('stopped already'),
    });
    expect(run.driver.calls).toEqual(['kill b']);
  });

  it('tells once a second how it goes and what is broken', async () => {
    const run = new MemoryRun();
    await run.execute(failureOf('kill_node'));
    expect(run.progress[2]).toMatchObject({ phase: 'warmup', targetRps: 50, broken: [] });
    expect(run.progress[2]?.live.throughputRps).toBeCloseTo(50, 0);
    expect(run.progress[7]).toMatchObject({ phase: 'failure', broken: ['b killed'], phaseLeftMs: 2000 });
  });

  it('keeps phases and load apart: the schedule has no gap and no burst where the rate changes', async () => {
    const run = new MemoryRun();
    await run.execute(
      scenario([
        { name: 'slow', duration_sec: 2, actions: [load] },
        {
          name: 'fast',
          duration_sec: 2,
          actions: [{ type: 'continue_load', target: 'all_nodes', rps: 200 }],
        },
        { name: 'none', duration_sec: 2, actions: [{ type: 'stop_load' }] },
        { name: 'again', duration_sec: 2, actions: [{ type: 'continue_load', target: 'a' }] },
      ]),
    );
    const due = (phase: string) => run.records.filter((record) => record.phase === phase).length;
    expect([due('slow'), due('fast'), due('none'), due('again')]).toEqual([100, 400, 0, 400]);
    expect(new Set(run.records.filter(({ phase }) => phase === 'again').map(({ node }) => node))).toEqual(
      new Set(['a']),
    );
  });

  it('keeps phases and load to the clock while a node takes its time to serve again, and says what that held up', async () => {
    const run = new MemoryRun();
    run.bootMs = 8000;
    const outcome = await run.execute(
      scenario([
        { name: 'warmup', duration_sec: 3, actions: [load, { type: 'kill_node', target: 'a' }] },
        { name: 'back', duration_sec: 3, actions: [{ type: 'restart_node', target: 'a' }] },
        { name: 'next', duration_sec: 9, actions: [{ type: 'kill_node', target: 'b' }] },
        { name: 'end', duration_sec: 3, actions: [{ type: 'restart_node', target: 'b' }] },
      ]),
    );
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true });
    const started = run.events.filter(({ type }) => type === 'phase_started').map(({ run_ms }) => run_ms);
    expect(started).toEqual([0, 3000, 6000, 15_000]);
    expect(run.records.length).toBe(18 * 50);
    const note = run.events.find((event) => event.type === 'note');
    expect(note).toMatchObject({
      level: 'warn',
      message: 'kill of b begins 5.0 s late: the fault before it took that long',
    });
    expect(run.driver.stateOf('b')).toBe('running');
  });

  it('is stopped, not failed, by a condition that holds for its time, its fault undone', async () => {
    const run = new MemoryRun();
    const phases = [
      { name: 'warmup', duration_sec: 5, actions: [load] },
      { name: 'failure', duration_sec: 60, actions: [{ type: 'kill_node', target: 'b' }] },
    ];
    const outcome = await run.execute(
      scenario(phases, { stop_when: ['error_rate > 90% for 2s', 'error_rate > 20% for 4s'] }),
    );
    expect(outcome).toMatchObject({ status: 'stopped', error: undefined, conclusive: true });
    expect(outcome.reason).toMatch(/^error_rate > 20% for 4s \(it was \d\d\.\d%\)$/);
    expect(run.driver.stateOf('b')).toBe('running');
    const ended = run.events.at(-1);
    expect(ended).toMatchObject({ type: 'run_ended', status: 'stopped' });
    expect(ended?.run_ms).toBeGreaterThan(8900);
    expect(ended?.run_ms).toBeLessThan(11_000);
  });

  it('is not stopped by what it could not see while the machine stood still', async () => {
    const run = new MemoryRun();
    const calm = scenario([{ name: 'only', duration_sec: 15, actions: [load] }], {
      stop_when: ['throughput_rps < 20 for 2s'],
    });
    const running = run.begin(calm);
    await run.clock.advance(5300);
    run.clock.freeze(4500);
    expect(await run.clock.run(running)).toMatchObject({ status: 'complete' });
    const looks = run.progress.map(({ runMs }) => runMs).filter((runMs) => runMs > 4000 && runMs < 13_000);
    expect(looks).toEqual([5000, 9800, 10_000, 11_000, 12_000]);
  });

  it('that goes on while a condition does not hold for its time is complete', async () => {
    const run = new MemoryRun();
    const phases = [
      { name: 'failure', duration_sec: 2, actions: [load, { type: 'kill_node', target: 'b' }] },
      { name: 'back', duration_sec: 3, actions: [{ type: 'restart_node', target: 'b' }] },
    ];
    const outcome = await run.execute(scenario(phases, { stop_when: ['error_rate > 20% for 3s'] }));
    expect(outcome.status).toBe('complete');
  });

  it('does not carry out what would reach too far by now, and ends with the error', async () => {
    const run = new MemoryRun();
    run.objection = async (node, down) => (down.includes('a') ? `a is down, and so would ${node} be` : null);
    const outcome = await run.execute(
      scenario([
        { name: 'one', duration_sec: 2, actions: [load, { type: 'kill_node', target: 'a' }] },
        { name: 'two', duration_sec: 2, actions: [{ type: 'kill_node', target: 'b' }] },
      ]),
    );
    expect(outcome).toMatchObject({
      status: 'failed',
      conclusive: false,
      error: { code: 'blast-radius', exit: 2 },
    });
    expect(outcome.reason).toBe('cannot kill b: a is down, and so would b be');
    expect(run.faultLine('b')).toEqual([]);
    expect(run.driver.stateOf('a')).toBe('running');
  });

  it('leaves out a fault that could only begin after its end, and is inconclusive', async () => {
    const run = new MemoryRun();
    run.bootMs = 20_000;
    const outcome = await run.execute(
      scenario([
        { name: 'restart', duration_sec: 1, actions: [load, { type: 'restart_node', target: 'a' }] },
        { name: 'kill', duration_sec: 1, actions: [{ type: 'kill_node', target: 'b' }] },
      ]),
    );
    expect(outcome).toMatchObject({ status: 'complete', conclusive: false });
    expect(run.faultLine('b')).toEqual([]);
    expect(run.events.find((event) => event.type === 'note')).toMatchObject({
      message: expect.stringMatching(/^kill of b was left out/),
    });
  });

  it('records what exceeds the bound in flight as dropped, and what is late from when it was due', async () => {
    const run = new MemoryRun();
    run.answerMs = 1000;
    run.settings = { max_in_flight: 10, timeout_sec: 5, spread: 'round_robin' };
    await run.execute(scenario([{ name: 'only', duration_sec: 4, actions: [load] }]));
    expect(run.records.length).toBe(200);
    const dropped = run.records.filter(({ outcome }) => outcome === 'dropped');
    expect(dropped.length).toBe(160);
    expect(dropped.every(({ sentMs, doneMs }) => Number.isNaN(sentMs) && Number.isNaN(doneMs))).toBe(true);
    for (const record of run.records.filter(({ outcome }) => outcome === 'ok')) {
      expect(record.doneMs - record.scheduledMs).toBeGreaterThanOrEqual(1000);
    }
  });
});
