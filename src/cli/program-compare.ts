import type { CommandParts } from './program-files.ts';
import type { World } from './world.ts';

/** The command that is about many runs. */
export function addCompareCommand(world: World, { command, choose, json }: CommandParts): void {
  command('compare', 'Lay runs beside each other, and say which of their figures have a trend.', [
    'orch compare night-1 night-2 night-3',
    'orch compare night-1 night-2 night-3 --baseline calm --plot trends.png',
  ])
    .argument('<runs...>', 'two runs or more; they are put in the order of their start')
    .option('--baseline <id>', 'the run without faults, by which it is judged how long recovery took')
    .option('--effect <percent>', 'a change up to this does not matter', '10')
    .option('--out <file>', 'write what --json prints here too')
    .option('--plot <file>', 'draw them too: a PNG, or an SVG by its name')
    .option(...json)
    .action((runs, options) =>
      choose(async () => (await import('./compare-command.ts')).compareCommand(world, runs, options)),
    );
}
