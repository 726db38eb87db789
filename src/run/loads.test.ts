import { describe, expect, it } from 'vitest';
import { MemoryRun, scenario } from '../testing/memory-run.ts';

function only(actions: readonly unknown[], durationSec = 10) {
  return scenario([{ name: 'only', duration_sec: durationSec, actions }]);
}

const all = { type: 'start_load', target: 'all_nodes' };

describe('a run', () => {
  it.each([
    ['a constant rate', { rps: 25 }, 250],
    ['a ramp', { rps: { from: 0, to: 100 } }, 500],
    ['a ramp that is over early', { rps: { from: 0, to: 100, over_sec: 2 } }, 900],
    ['steps', { rps: { steps: [10, 0, 30], every_sec: 3 } }, 150],
    ['a sine', { rps: { mean: 50, amplitude: 50, period_sec: 4 } }, 500 + (50 * 4) / Math.PI],
  ])('of %s has as many requests due as that adds up to', async (_, load, expected) => {
    const run = new MemoryRun();
    expect(await run.execute(only([{ ...all, ...load }]))).toMatchObject({ status: 'complete' });
    expect(run.records.length).toBe(Math.ceil(expected));
  });

  it('of Poisson arrivals has about as many, at other times for another seed', async () => {
    const load = [{ ...all, rps: 100, arrivals: 'poisson' }];
    const [one, again, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const run = new MemoryRun();
        await run.execute(only(load), seed);
        return run.records.map(({ scheduledMs }) => scheduledMs);
      }),
    );
    // 1000 are expected, with a standard deviation of 32.
    expect(Math.abs(one!.length - 1000)).toBeLessThan(4 * 32);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('is told beside what was due in the same second: of a ramp its mean, of users what they asked for', async () => {
    const ramp = new MemoryRun();
    await ramp.execute(only([{ ...all, rps: { from: 0, to: 100, over_sec: 4 } }], 4));
    const [, , third] = ramp.progress;
    expect(third?.live.dueRps).toBeCloseTo(62.5, -1);
    expect(third?.targetRps).toBeCloseTo(75, 0);
    const users = new MemoryRun();
    await users.execute(only([{ ...all, vus: 3, think_sec: 0.09 }], 4));
    expect(users.progress[2]?.targetRps).toBeNull();
    expect(users.progress[2]?.live.dueRps).toBeCloseTo(users.progress[2]?.live.throughputRps ?? 0, -1);
    expect(users.progress[2]?.live.dueRps).toBeGreaterThan(20);
  });

  it('of users asks as often as answers and thinking allow', async () => {
    const run = new MemoryRun();
    await run.execute(only([{ ...all, vus: 3, think_sec: 0.09 }]));
    // Each of the three needs 10 ms for an answer and 90 ms to think.
    expect(run.records.length).toBe(300);
    expect(run.records.every(({ scheduledMs, sentMs }) => scheduledMs === sentMs)).toBe(true);
  });

  it('of users asks a node that stands still no more, and an open load goes on', async () => {
    const pause = { type: 'pause_node', target: 'a', at_sec: 2 };
    const counted = async (load: object) => {
      const run = new MemoryRun();
      await run.execute(only([{ ...all, target: 'a', ...load }, pause]));
      const lasting = (ms: number) =>
        run.records.filter(({ scheduledMs, doneMs }) => doneMs - scheduledMs > ms);
      return { requests: run.records.length, slow: lasting(1000).length };
    };
    const open = await counted({ rps: 100 });
    expect(open.requests).toBe(1000);
    // All that came in eight seconds, but for those before the node stood still.
    expect(open.slow).toBeGreaterThan(780);
    // Timeouts come after five seconds: the user sees two of them in eight, after about 200 answers in two.
    const closed = await counted({ vus: 1 });
    expect(closed.slow).toBe(2);
    expect(closed.requests).toBeLessThan(220);
  });

  it('of users who are refused at once, or find no room, goes on', async () => {
    const run = new MemoryRun();
    run.settings = { ...run.settings, max_in_flight: 1 };
    run.answerMs = 100;
    const kill = { type: 'kill_node', target: 'a', at_sec: 1 };
    await run.execute(only([{ ...all, target: 'a', vus: 2 }, kill], 2));
    const counts = Map.groupBy(run.records, ({ outcome }) => outcome);
    expect([10, 11]).toContain(counts.get('ok')?.length);
    // Each is followed by a millisecond in which the other has its turn.
    expect(counts.get('dropped')?.length).toBeLessThanOrEqual(1200);
    expect(counts.get('fail')?.length).toBeLessThanOrEqual(2000);
  });

  it('of several loads sends each to its own nodes, with numbers that no two requests share', async () => {
    const run = new MemoryRun();
    await run.execute(
      only([
        { ...all, rps: 10, target: 'a' },
        { ...all, rps: 20, target: 'b', name: 'browse' },
        { ...all, vus: 1, think_sec: 0.09, target: 'c', name: 'users', at_sec: 5 },
        { type: 'stop_load', name: 'browse', at_sec: 5 },
        { type: 'continue_load', name: 'browse', at_sec: 8 },
        { type: 'continue_load', name: 'users', vus: 2, at_sec: 9 },
      ]),
    );
    const counts = Map.groupBy(run.records, ({ node }) => node);
    expect(counts.get('a')?.length).toBe(100);
    expect(counts.get('b')?.length).toBe(100 + 40);
    expect(counts.get('c')?.length).toBe(40 + 20);
    expect(new Set(run.records.map(({ seq }) => seq)).size).toBe(run.records.length);
    const changes = run.events.flatMap((event) =>
      event.type === 'load_changed'
        ? [[event.demand ?? `${event.load ?? 'load'} off`, event.rps, event.vus, ...(event.to ?? [])]]
        : [],
    );
    expect(changes).toEqual([
      ['load 10 rps', 10, undefined],
      ['load browse: 20 rps', 30, undefined, 'b'],
      ['load users: 1 user, thinking 0.09 s', 30, 1, 'c'],
      ['browse off', 10, 1],
      ['load browse: 20 rps', 30, 1, 'b'],
      ['load users: 2 users, thinking 0.09 s', 30, 2, 'c'],
      ['load off', 20, 2],
      ['browse off', 0, 2],
      ['users off', 0, undefined],
    ]);
  });
});
