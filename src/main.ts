import { readFileSync } from 'node:fs';
import { cpus, hostname, platform, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepCompiled } from './cli/keep-compiled.ts';
import { runProgram } from './cli/program.ts';
import { reportError } from './cli/report-error.ts';
import type { Output, World } from './cli/world.ts';
import { systemClock } from './clock/system.ts';
import { connect } from './compose.ts';
import { exitCode, OrchError } from './model/errors.ts';

/** With guardian.ts and what is in control/ the only file that touches `process`: it builds the world, and turns the outcome into an exit code. */

const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const interrupt = new AbortController();
const lostOutput: ReadonlySet<string | undefined> = new Set([
  'EPIPE',
  'EIO',
  'ENXIO',
  'ERR_STREAM_DESTROYED',
]);
let brokenNow: (() => readonly string[]) | null = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)
  process.on(signal, () => onSignal(signal));
for (const stream of [process.stdout, process.stderr]) stream.on('error', onOutputError);

const world: World = {
  pid: process.pid,
  cwd: process.cwd(),
  env: process.env,
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  clock: systemClock,
  packageRoot,
  versions: { orch: ownVersion(), node: process.versions.node },
  host: {
    name: hostname(),
    os: `${platform()} ${release()}`,
    cpus: cpus().length,
    memory_mb: Math.round(totalmem() / 2 ** 20),
  },
  interrupt: interrupt.signal,
  connections: connect({ cwd: process.cwd(), env: process.env }),
  atEmergency: (report) => {
    brokenNow = report;
  },
};

process.on('uncaughtException', onOwnFault);
keepCompiled(world);
process.exitCode = await runProgram(world, process.argv.slice(2));

/** The first signal ends a run in good order. A second one ends it at once: what it leaves behind is named. */
function onSignal(signal: NodeJS.Signals): void {
  if (brokenNow === null)
    process.exit(reportError(world, new OrchError('interrupted', `interrupted (${signal})`)));
  if (!interrupt.signal.aborted) {
    interrupt.abort(signal);
    return;
  }
  const broken = brokenNow();
  world.stderr.write(
    `\n${signal}: stopped at once\n${broken.map((what) => `STILL BROKEN: ${what}\n`).join('')}`,
  );
  if (broken.length > 0)
    world.stderr.write(
      'its guardian undoes that now; `orch recover` waits for it, up to five minutes, and says what is left\n',
    );
  process.exit(broken.length > 0 ? exitCode.undoFailed : exitCode.interrupted);
}

/** A fault of orch itself: a run that goes on undoes what is broken before it ends with the error. */
function onOwnFault(error: unknown): void {
  const code = reportError(world, error);
  if (interrupt.signal.aborted) process.exit(code);
  interrupt.abort(error);
  process.on('exit', () => {
    process.exitCode = process.exitCode === exitCode.undoFailed ? exitCode.undoFailed : code;
  });
}

/**
 * A reader that has gone (`orch runs | head -1`), or a terminal that was closed, wants no more output, and no error about
 * it either: a run ends in good order all the same.
 */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (!lostOutput.has(error.code)) throw error;
}

function output(stream: NodeJS.WriteStream): Output {
  const isTerminal = stream.isTTY && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb';
  return {
    write: (text) => {
      stream.write(text);
    },
    terminal: isTerminal ? stream : null,
    get columns() {
      return stream.columns > 0 ? stream.columns : 80;
    },
    colour: stream.isTTY && stream.hasColors() && (process.env['NO_COLOR'] ?? '') === '',
  };
}

function ownVersion(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  const parsed: unknown = JSON.parse(text);
  return parsed !== null && typeof parsed === 'object' && 'version' in parsed
    ? String(parsed.version)
    : 'unknown';
}
