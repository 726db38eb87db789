import type { Command } from 'commander';

/** Gives a command an option for gates. */
export function withGates(command: Command): Command {
  return command.option(
    '--gate <gate>',
    'what the run must come to, beside the gates of scenario and config; repeatable',
    (value, before: readonly string[] | undefined) => [...(before ?? []), value],
  );
}

/** Gives a command the options of those that judge gates, and tell CI. */
export function withGateOptions(command: Command): Command {
  return withGates(command)
    .option('--junit <file>', 'write gates, faults and undos as JUnit XML')
    .option('--markdown <file>', 'write them as Markdown, for a comment on a pull request')
    .option(
      '--github',
      'annotations and step summary for GitHub Actions (default: where GITHUB_ACTIONS is set)',
    );
}
