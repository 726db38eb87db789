import { Command, CommanderError, Option } from 'commander';
import { type ExitCode, exitCode } from '../model/errors.ts';
import { demoSeed } from './options.ts';
import { addCompareCommand } from './program-compare.ts';
import { addFileCommands } from './program-files.ts';
import { withGateOptions } from './program-gates.ts';
import { addReportCommand } from './program-report.ts';
import { reportError } from './report-error.ts';
import { painter } from './style.ts';
import type { World } from './world.ts';

type Handler = () => Promise<ExitCode>;

/**
 * Parses the arguments (without node and script) and carries out the command. Each command's own code is loaded only
 * when it is called, so that `--help` stays quick.
 */
export async function runProgram(world: World, args: readonly string[]): Promise<ExitCode> {
  let handler: Handler | undefined;
  const program = buildProgram(world, (chosen) => {
    handler = chosen;
  });
  try {
    await program.parseAsync(withoutHelpOnNothing(program, args), { from: 'user' });
    return handler === undefined ? exitCode.passed : await handler();
  } catch (error) {
    // Commander has printed its message already: help and version were asked for, everything else is wrong usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.passed : exitCode.invalid;
    return reportError(world, error);
  }
}

/** Where the command that is named does not exist, its name alone: Commander would give help first, and no error. */
function withoutHelpOnNothing(program: Command, args: readonly string[]): string[] {
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const name = first === 'help' ? second : first;
  const exists = name === undefined || program.commands.some((command) => command.name() === name);
  return exists ? [...args] : [name];
}

function buildProgram(world: World, choose: (handler: Handler) => void): Command {
  const program = new Command('orch')
    .description('Load, faults that are always undone, and a truthful verdict on what they cost.')
    .version(world.versions.orch)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      outputError: (text, write) => write(withCode(text, world)),
      getOutHelpWidth: () => world.stdout.columns,
      getErrHelpWidth: () => world.stderr.columns,
      getOutHasColors: () => world.stdout.colour,
      getErrHasColors: () => world.stderr.colour,
    })
    .showHelpAfterError('(add --help for how it is used)')
    .addHelpText(
      'after',
      examples([
        'orch demo --quick',
        'orch run --scenario node_failure.yaml',
        'orch analyze --baseline ID --run ID',
      ]),
    );

  const command = (name: string, summary: string, shown: readonly string[]): Command =>
    program
      .command(name)
      .description(summary)
      .option(
        '--config <file>',
        'config file (default: config.yaml, or built-in defaults where there is none)',
      )
      .option('--runs <dir>', 'where runs are kept', world.env['ORCH_RUNS'] ?? 'runs')
      .addHelpText('after', examples(shown));
  const driver = new Option('--driver <driver>', 'how nodes are reached')
    .choices(['auto', 'docker', 'process'])
    .env('ORCH_DRIVER');
  const allowRemote = ['--allow-remote', 'use a Docker Engine on another machine'] as const;
  const mode = new Option('--mode <mode>', 'what is loaded (default: follows from the scenario)').choices([
    'http',
    'redis',
  ]);
  const seed = ['--seed <number>', 'seed of every random choice (default: a new one)'] as const;
  const setVariable = new Option(
    '--set <name=value>',
    'give a variable of the scenario its value; repeatable',
  ).argParser((value, before: readonly string[] | undefined) => [...(before ?? []), value]);
  const json = ['--json', 'print JSON instead of text'] as const;

  const run = command('run', 'Work through a scenario: load, faults, undo; everything is recorded.', [
    'orch run --scenario node_failure.yaml',
    'orch run --scenario redis_failure --mode redis --run-id night-1 --seed 7',
    'orch run --scenario baseline --config staging.yaml',
    'orch run --scenario surge --set rps=200 --dry-run',
    'orch run --scenario node_failure --repeat 6 --run-id night',
    'orch run --scenario node_failure --prometheus 9464 --otlp http://127.0.0.1:4318',
    "orch run --scenario node_failure --baseline calm-1 --gate 'recovery_time_sec <= 25' --junit junit.xml",
  ])
    .requiredOption('--scenario <file>', 'scenario file; looked up in scenarios/ too')
    .option('--run-id <id>', 'name of the run (default: made from scenario, mode and time)')
    .addOption(mode)
    .addOption(driver)
    .option(...seed)
    .addOption(setVariable)
    .option(...allowRemote)
    .option('--repeat <pairs>', 'so many runs, each beside one without the faults; --run-id names the series')
    .option('--baseline-scenario <file>', 'with --repeat: the scenario to hold the runs against')
    .option('--dry-run', 'show what would be done, as `orch plan` does, and do nothing')
    .option('--journal <file>', 'write what was done as a journal of Chaos Toolkit too')
    .option('--otlp <url>', 'send spans and metrics to a collector of OpenTelemetry')
    .option('--traceparent', 'give each HTTP request a W3C trace of its own, told in its row')
    .option('--baseline <id>', 'hold the run against this one when it has ended')
    .option('--prometheus <port>', 'serve metrics on 127.0.0.1 while the run goes on (0: a free port)')
    .option(...json)
    .action((options) => choose(async () => (await import('./run-command.ts')).runCommand(world, options)));
  withGateOptions(run);

  command(
    'analyze',
    'Hold a run against a baseline: throughput, latency, errors, anomaly windows, recovery.',
    [
      'orch analyze --baseline calm-1 --run failure-1',
      'orch analyze --baseline calm-1 --run failure-1 --json | jq .recovery_time_sec',
      'orch analyze --series night',
    ],
  )
    .option('--baseline <id...>', 'the run without faults, or several')
    .option('--run <id...>', 'the run to judge, or several')
    .option('--series <id>', 'in place of both: the runs of `orch run --repeat`')
    .option('--effect <percent>', 'of several runs: a difference up to this does not matter', '10')
    .option('--out <file>', 'write the analysis here too')
    .option(...json)
    .action((options) =>
      choose(async () => (await import('./analyze-command.ts')).analyzeAsked(world, options)),
    );

  const gate = command(
    'gate',
    'Pass or fail a run by its gates: exit code 0, 99, or 2 where that cannot be told.',
    [
      'orch gate --run failure-1 --baseline calm-1',
      "orch gate --run failure-1 --gate 'error_rate < 1%' --gate 'p(99) < 250 during recovery'",
    ],
  )
    .requiredOption('--run <id>', 'the run to judge')
    .option('--baseline <id>', 'the run without faults, for gates that compare')
    .option(...json)
    .action((options) => choose(async () => (await import('./gate-command.ts')).gateCommand(world, options)));
  withGateOptions(gate);

  command('plot', 'Draw throughput.png and, against a baseline, comparison.png (and both as SVG).', [
    'orch plot --run failure-1 --baseline calm-1',
  ])
    .requiredOption('--run <id>', 'the run to draw')
    .option('--baseline <id>', 'the run to compare with (default: that of its last analysis)')
    .option(...json)
    .action((options) => choose(async () => (await import('./plot-command.ts')).plotCommand(world, options)));

  command(
    'summarize',
    'Write a summary in Markdown: by a model where GROQ_API_KEY is set, else from a template.',
    ['orch summarize --baseline calm-1 --run failure-1 --out summary.md'],
  )
    .requiredOption('--run <id>', 'the run to summarize')
    .option('--baseline <id>', 'the run to hold it against (default: that of its last analysis)')
    .option('--out <file>', 'write the summary here too')
    .option(...json)
    .action((options) =>
      choose(async () => (await import('./summarize-command.ts')).summarizeCommand(world, options)),
    );

  const parts = { command, choose, setVariable, json };
  addReportCommand(world, parts);
  addCompareCommand(world, parts);
  addFileCommands(world, parts);

  command('plan', 'Show what a scenario will do and how each step is undone, and touch nothing.', [
    'orch plan node_failure.yaml',
    'orch plan node_failure.yaml --driver docker --json',
  ])
    .argument('<file>', 'scenario file; looked up in scenarios/ too')
    .addOption(setVariable)
    .addOption(mode)
    .addOption(driver)
    .option(...seed)
    .option(...allowRemote)
    .option(...json)
    .action((file, options) =>
      choose(async () => (await import('./plan-command.ts')).planCommand(world, file, options)),
    );

  command('runs', 'List the runs that are there.', ['orch runs', 'orch runs --json'])
    .option(...json)
    .action((options) => choose(async () => (await import('./runs-command.ts')).runsCommand(world, options)));

  command('recover', 'Undo what a run that was killed left in force, and finish its files.', [
    'orch recover',
    'orch recover failure-1 --journal journal.json',
  ])
    .argument('[run]', 'the run (default: every run that is not in order)')
    .option('--journal <file>', 'write what that run did as a journal of Chaos Toolkit')
    .option('--elsewhere', 'also a run of another machine, which must not be going on there')
    .option(...json)
    .action((run, options) =>
      choose(async () => (await import('./recover-command.ts')).recoverCommand(world, run, options)),
    );

  command('doctor', 'Say what works on this machine, and what to do about what does not.', ['orch doctor'])
    .option(...json)
    .action((options) =>
      choose(async () => (await import('./doctor-command.ts')).doctorCommand(world, options)),
    );

  command('demo', 'Baseline and failure for HTTP and Redis, then analysis, charts, summary and report.', [
    'orch demo --quick',
    'orch demo --driver docker',
  ])
    .option('--quick', 'short phases: under a minute in all')
    .addOption(driver)
    .option('--seed <number>', 'seed of every random choice', String(demoSeed))
    .option(...allowRemote)
    .action((options) => choose(async () => (await import('./demo-command.ts')).demoCommand(world, options)));

  return program;
}

/** What Commander says of wrong usage, in the form that errors have here: the code ends the first line. */
function withCode(text: string, { stderr }: World): string {
  const paint = painter(stderr);
  const [first = '', ...rest] = text.split('\n');
  const message = first.replace(/^error: /, `${paint('red', 'error')}: `);
  return [`${message} ${paint('dim', '[usage]')}`, ...rest].join('\n');
}

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
