import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until it is so, at most for `limitMs`; whether it came to be. */
export async function until(
  limitMs: number,
  isSo: () => boolean | Promise<boolean>,
  everyMs = 20,
): Promise<boolean> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    if (await isSo()) return true;
    if (performance.now() >= endMs) return false;
    await sleep(everyMs);
  }
}
