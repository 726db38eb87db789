import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlarmClock } from './alarm.ts';
import { sleep } from './clock.ts';

let clock: AlarmClock;
beforeEach(() => {
  clock = new AlarmClock();
});
afterEach(() => clock.close());

describe('a clock with an alarm', () => {
  it('wakes nobody too early, whatever the order in which they lie down', async () => {
    const startMs = clock.now() + 20;
    const delays = [30, 5, 0.3, 12.25, 5.1, 0, 80, 1.9, 31.7];
    const order: number[] = [];
    const early = await Promise.all(
      delays.map(async (delayMs) => {
        await clock.sleepUntil(startMs + delayMs);
        order.push(delayMs);
        return clock.now() < startMs + delayMs;
      }),
    );
    expect(early).not.toContain(true);
    expect(order).toEqual(delays.toSorted((a, b) => a - b));
  });

  it('wakes whoever lies down last and wants to be up first', async () => {
    const startMs = clock.now();
    const late = clock.sleepUntil(startMs + 60_000, AbortSignal.timeout(2000));
    await clock.sleepUntil(startMs + 50);
    expect(clock.now() - startMs).toBeLessThan(1500);
    await late;
  });

  it('wakes at once by the signal, and does not do so again', async () => {
    const ending = new AbortController();
    const startMs = clock.now();
    const sleeping = [1, 50, 5000].map((delayMs) => clock.sleepUntil(startMs + delayMs, ending.signal));
    setImmediate(() => ending.abort());
    await Promise.all(sleeping);
    expect(clock.now() - startMs).toBeLessThan(2500);
    await sleep(clock, 5);
  });

  it('does not keep timers and sockets waiting for those who want to be woken all the time', async () => {
    // By then the alarm has begun to work.
    await clock.sleepUntil(clock.now() + 1);
    let woken = 0;
    const over = AbortSignal.timeout(5);
    const busy = async () => {
      while (!over.aborted && woken < 4000) {
        await clock.sleepUntil(clock.now() + 0.05);
        woken += 1;
        const untilMs = clock.now() + 0.1;
        while (clock.now() < untilMs);
      }
    };
    await Promise.all(Array.from({ length: 50 }, busy));
    expect(woken).toBeLessThan(1000);
  });

  it('is nearer to the time than a timer is, in the median', async () => {
    const late = async (wait: (atMs: number) => Promise<unknown>) => {
      const atMs = performance.now() + 1.3;
      await wait(atMs);
      return performance.now() - atMs;
    };
    const byTimer = (atMs: number) =>
      new Promise((resolve) => setTimeout(resolve, Math.ceil(atMs - performance.now())));
    const [alarms, timers]: number[][] = [[], []];
    for (let round = 0; round < 200; round += 1) {
      alarms!.push(await late((atMs) => clock.sleepUntil(atMs)));
      timers!.push(await late(byTimer));
    }
    const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[all.length >> 1]!;
    expect(median(alarms!)).toBeLessThan(median(timers!));
  });
});
