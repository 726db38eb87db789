import { createInterface } from 'node:readline';
import { basename, dirname } from 'node:path';
import { systemClock } from './clock/system.ts';
import { connect } from './compose.ts';
import { lookUp } from './control/process-table.ts';
import { guard } from './run/guardian.ts';
import { runDir } from './store/run-dir.ts';

/**
 * The guardian: a small process beside a run, in a session of its own, that undoes what the run leaves in force when it
 * dies. Its stdin is a pipe that only the run's coordinator holds: `done` says that nothing is left, its end without
 * that says that the coordinator has gone, and `abandoned` before that: because it was interrupted twice.
 */

const path = process.argv[2] ?? '';
const parent = process.ppid;
const parentStarted = lookUp(parent)?.startTime;

// Whoever ends the coordinator's group, session or terminal must not end this one with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});

const coordinator = new Promise<'done' | 'abandoned' | 'lost'>((resolve) => {
  const lines = createInterface({ input: process.stdin });
  let last = '';
  lines.on('line', (line) => {
    last = line;
    if (line === 'done') resolve('done');
  });
  lines.on('close', () => resolve(last === 'abandoned' ? 'abandoned' : 'lost'));
});

// Whoever reads the ready line may be gone by the time it is written.
process.stdout.on('error', () => {});
process.stdout.write('ready\n');

const { reach, tidy } = connect({ cwd: '/', env: process.env });
await guard({
  dir: runDir(dirname(path), basename(path)),
  clock: systemClock,
  pid: process.pid,
  coordinator,
  fence: () => {
    if (lookUp(parent)?.startTime === parentStarted) process.kill(parent, 'SIGKILL');
  },
  reach,
  tidy,
});
process.exit(0);
