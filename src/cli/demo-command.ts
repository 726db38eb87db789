import { join } from 'node:path';
import { loadConfig, loadScenario } from '../config/load.ts';
import { nodesOf } from '../config/nodes.ts';
import { type ExitCode, exitCode } from '../model/errors.ts';
import type { Mode } from '../model/node.ts';
import { runDir } from '../store/run-dir.ts';
import { analyzeCommand } from './analyze-command.ts';
import { lookAtRun } from './look-at-run.ts';
import { performRun } from './perform-run.ts';
import { plotCommand } from './plot-command.ts';
import { type CommonOptions, outsideOf, parseSeed } from './options.ts';
import { reportCommand } from './report-command.ts';
import { reportOutcome } from './report-outcome.ts';
import { painter } from './style.ts';
import { summarizeCommand } from './summarize-command.ts';
import type { DriverWish, World } from './world.ts';

export interface DemoOptions extends CommonOptions {
  readonly quick?: boolean;
  readonly driver?: DriverWish;
  readonly seed: string;
  readonly allowRemote?: boolean;
}

const shown = [
  'report.html',
  'throughput.png',
  'comparison.png',
  'summary.md',
  'analysis.json',
  'metrics.csv',
];

const failures = { http: 'node_failure.yaml', redis: 'redis_failure.yaml' } as const;

/** The main job from end to end, once for HTTP and, where there are Redis nodes to be had, once for Redis. */
export async function demoCommand(world: World, options: DemoOptions): Promise<ExitCode> {
  const paint = painter(world.stderr);
  const stamp = new Date(world.clock.wall())
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[-:]/g, '')
    .replace('T', '-');
  const made: string[] = [];
  for (const mode of ['http', 'redis'] as const) {
    world.stderr.write(`\n${paint('cyan', `== ${mode}: baseline, failure, verdict`)}\n`);
    const exit = await demonstrate(world, options, mode, stamp);
    if (exit === 'skipped') continue;
    if (exit !== exitCode.passed) return exit;
    made.push(runDir(options.runs, `demo-${stamp}-${mode}-failure`).path);
  }
  world.stderr.write(`\n${paint('green', 'done')}. Look at:\n`);
  for (const path of made) {
    for (const file of shown) world.stderr.write(`  ${join(path, file)}\n`);
  }
  return exitCode.passed;
}

async function demonstrate(
  world: World,
  options: DemoOptions,
  mode: Mode,
  stamp: string,
): Promise<ExitCode | 'skipped'> {
  const loaded = await loadConfig(options.config, world.cwd);
  if (mode === 'redis') {
    const { redisServer, project } = await world.connections.look(loaded.config);
    const wish = options.driver ?? loaded.config.control.driver;
    const found = project.services
      .filter(({ state }) => state === 'running' || state === 'paused')
      .map(({ service }) => service);
    const inDocker =
      wish !== 'process' && (loaded.config.redis_services ?? []).every((name) => found.includes(name));
    if (!redisServer.usable && !inDocker) {
      world.stderr.write(
        `Redis is left out: ${redisServer.says}. Install it with \`apt-get install redis-server\`.\n`,
      );
      return 'skipped';
    }
  }
  const directory = join(world.packageRoot, 'scenarios', options.quick === true ? 'quick' : '.');
  const baseline = `demo-${stamp}-${mode}-baseline`;
  const run = `demo-${stamp}-${mode}-failure`;
  let ran: ExitCode = exitCode.passed;
  for (const [runId, file] of [
    [baseline, 'baseline.yaml'],
    [run, failures[mode]],
  ] as const) {
    const finished = await performRun(world, {
      scenario: await loadScenario({
        name: join(directory, file),
        directories: [],
        nodes: nodesOf(loaded.config),
        outside: outsideOf(world, {}),
      }),
      loaded,
      runsRoot: options.runs,
      runId,
      mode,
      driver: options.driver,
      allowRemote: options.allowRemote === true,
      seed: parseSeed(options.seed),
      traceparent: false,
      telemetry: {},
    });
    reportOutcome(world, finished);
    ran = finished.exit;
    // What could not be undone, or had no effect, is told by the exit code, and the rows are analysed all the same.
    const hasRows = ran === exitCode.passed || ran === exitCode.undoFailed || ran === exitCode.inconclusive;
    if (!hasRows) return ran;
  }
  const about = { ...options, baseline, run };
  return lookAtRun(world, ran, async () => {
    const analysed = await analyzeCommand(world, about);
    await plotCommand(world, about);
    await summarizeCommand(world, about);
    await reportCommand(world, about);
    return analysed;
  });
}
