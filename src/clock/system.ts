import type { Clock } from './clock.ts';

/** The machine's own clocks. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => performance.timeOrigin + performance.now() + wallDrift(),
  sleepUntil(atMs, signal) {
    const delayMs = atMs - performance.now();
    if (signal?.aborted === true) return Promise.resolve();
    // Even when late, let sockets and files have their turn: a caller in a loop must not starve them.
    if (delayMs <= 0) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      // Timers count whole milliseconds and may fire up to one early: round up, so that `atMs` has been reached.
      const timer = setTimeout(finish, Math.ceil(delayMs));
      signal?.addEventListener('abort', finish, { once: true });
    });
  },
};

/** What NTP or an administrator moved the wall clock by since this process started; whole milliseconds of Date are ignored. */
function wallDrift(): number {
  const drift = Date.now() - (performance.timeOrigin + performance.now());
  return Math.abs(drift) < 2 ? 0 : drift;
}
