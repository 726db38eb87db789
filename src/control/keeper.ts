/**
 * A process of its own, beside the driver's, that ends the driver's children when the driver could not: its stdin is
 * a pipe that only the driver holds, and the kernel closes it however the driver dies.
 *
 * It is told, line by line, `add PID STARTTIME` and `remove PID`. At the end of its input it sends SIGKILL to what is
 * left, paused processes included, provided that the pid is still the same process; then it exits.
 */
import { createInterface } from 'node:readline';
import { lookUp } from './process-table.ts';

const kept = new Map<number, string>();

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [verb, pid, ...startTime] = line.split(' ');
  if (verb === 'add') kept.set(Number(pid), startTime.join(' '));
  if (verb === 'remove') kept.delete(Number(pid));
});
lines.on('close', () => {
  for (const [pid, startTime] of kept) {
    if (lookUp(pid)?.startTime === startTime) process.kill(pid, 'SIGKILL');
  }
});
