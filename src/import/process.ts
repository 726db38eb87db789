import type { YamlPath } from '../config/yaml.ts';
import { type Context, put, pythonText } from './context.ts';
import type { ProcessProvider } from './provider.ts';
import { literal } from './template.ts';

/** The words of a command: of the probe `command`, and of the action `run_command`. */
export function commandWords(
  context: Context,
  { path: program, arguments: given }: ProcessProvider,
  path: YamlPath,
): readonly string[] {
  const at = [...path, 'arguments'];
  // One text of arguments is for the shell, which expands a `~` too.
  if (typeof given === 'string' && given !== '')
    return ['/bin/sh', '-c', `${literal(program)} ${put(context, given, at)}`];
  if (program.startsWith('~'))
    context.ledger.refuse(
      [...path, 'path'],
      'a path from the home directory, `~`, cannot be run; write it in full',
    );
  const words =
    typeof given === 'object' && given !== null
      ? Object.entries(given).flatMap(([key, value]) =>
          (Array.isArray(given) ? [value] : [key, value]).map((word) => ({
            word,
            at: [...at, Array.isArray(given) ? Number(key) : key],
          })),
        )
      : [];
  return [
    literal(program),
    ...words.flatMap(({ word, at }) =>
      word === null || word === '' ? [] : [put(context, pythonText(word), at)],
    ),
  ];
}

/** Whether its arguments go through a shell. */
export function isShell({ arguments: given }: ProcessProvider): boolean {
  return typeof given === 'string' && given !== '';
}
