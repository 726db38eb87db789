import type { Command, Option } from 'commander';
import type { ExitCode } from '../model/errors.ts';
import type { World } from './world.ts';

/** What commands are made with. */
export interface CommandParts {
  readonly command: (name: string, summary: string, shown: readonly string[]) => Command;
  readonly choose: (handler: () => Promise<ExitCode>) => void;
  readonly setVariable: Option;
  readonly json: readonly [flags: string, description: string];
}

/** The commands that make and check what users write: nothing is run by them. */
export function addFileCommands(world: World, { command, choose, setVariable, json }: CommandParts): void {
  command(
    'init',
    'Write a config, a scenario and a workflow to begin with, for the services of a Compose file.',
    ['orch init', 'orch init --compose deploy/docker-compose.yml --force'],
  )
    .option('--compose <file>', 'the Compose file (default: the one that Compose finds here)')
    .option('--force', 'replace files that are there already')
    .action((options) => choose(async () => (await import('./init-command.ts')).initCommand(world, options)));

  command('validate', 'Check scenario, fragment and config files; every mistake is listed with its place.', [
    'orch validate scenarios/*.yaml config.yaml',
  ])
    .argument('<files...>', 'YAML files: scenarios, fragments, configs')
    .addOption(setVariable)
    .option(...json)
    .action((files, options) =>
      choose(async () => (await import('./validate-command.ts')).validateCommand(world, files, options)),
    );

  command('import', 'Make a scenario of an experiment of Chaos Toolkit; what cannot be imported is named.', [
    'orch import experiment.json --out scenarios/experiment.yaml',
    'orch import experiment.yaml --partial > scenario.yaml',
  ])
    .argument('<file>', 'the experiment, JSON or YAML')
    .option('--out <file>', 'write the scenario here (default: to stdout)')
    .option('--partial', 'write it also where something cannot be imported, without that')
    .action((file, options) =>
      choose(async () => (await import('./import-command.ts')).importCommand(world, file, options)),
    );

  command('schema', 'Print the JSON Schema of scenario, fragment or config files, for editors.', [
    'orch schema scenario',
  ])
    .argument('<kind>', 'scenario, fragment or config')
    .action((kind) => choose(async () => (await import('./schema-command.ts')).schemaCommand(world, kind)));
}
