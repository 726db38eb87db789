import { expect, test } from 'vitest';
import { Deadline } from './deadline.ts';

function wait(timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    new Deadline(resolve).start(timeoutMs);
  });
}

test('it never expires early, not by a fraction of a millisecond', async () => {
  for (let round = 0; round < 100; round += 1) {
    const startMs = performance.now();
    await wait(3.5);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(3.5);
  }
});

test('one that was stopped does not expire', async () => {
  let expired = 0;
  const stopped = new Deadline(() => {
    expired += 1;
  });
  stopped.start(5);
  stopped.stop();
  await wait(50);
  expect(expired).toBe(0);
});

test('one that is started again expires once, when the last start says, be that later or earlier', async () => {
  for (const timeoutMs of [60, 5]) {
    const ends: number[] = [];
    const deadline = new Deadline(() => ends.push(performance.now()));
    deadline.start(30);
    deadline.stop();
    const startMs = performance.now();
    deadline.start(timeoutMs);
    await wait(150);
    expect(ends).toHaveLength(1);
    expect(ends[0]! - startMs).toBeGreaterThanOrEqual(timeoutMs);
    if (timeoutMs < 30) expect(ends[0]! - startMs).toBeLessThan(120);
  }
});
