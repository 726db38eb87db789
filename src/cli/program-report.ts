import { withGates } from './program-gates.ts';
import type { CommandParts } from './program-files.ts';
import type { World } from './world.ts';

/** The command that tells of a run on a page. */
export function addReportCommand(world: World, { command, choose, json }: CommandParts): void {
  const report = command(
    'report',
    'Write report.html: the verdict, a chart to look into, tables, examples; one file, offline.',
    [
      'orch report --run failure-1 --baseline calm-1',
      "orch report --run failure-1 --gate 'error_rate < 15%' --out report.html",
    ],
  )
    .requiredOption('--run <id>', 'the run to report on')
    .option('--baseline <id>', 'the run to hold it against (default: that of its last analysis)')
    .option('--out <file>', 'write the report here (default: report.html in the run’s directory)')
    .option(...json)
    .action((options) =>
      choose(async () => (await import('./report-command.ts')).reportCommand(world, options)),
    );
  withGates(report);
}
