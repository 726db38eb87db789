import { OrchError } from '../model/errors.ts';
import type { RedisOperation } from '../model/workload.ts';
import { keyOf } from './key-space.ts';
import type { Weighted } from './operations.ts';
import { type Fill, type FillOptions, Templates } from './templates.ts';

/** A command's name and its arguments. */
export type Words = readonly [string, ...string[]];

/** One operation of a workload's mix. */
export interface RedisCommands extends Weighted {
  /** What is sent, in order, for the request with a number: always the same, unless something is filled in. */
  readonly commandsAt: (seq: number) => readonly Words[];
}

/** Throws an OrchError where a command cannot be split into words, or what is filled in is not there. */
export function redisCommands(
  operation: RedisOperation,
  source: Pick<FillOptions, 'seed' | 'feeds'>,
): RedisCommands {
  const { weight, keys, value_bytes: valueBytes, pipeline = 1 } = operation;
  const templates = new Templates({
    ...source,
    keyOf: keys && keyOf(keys),
    value: valueBytes === undefined ? undefined : 'x'.repeat(valueBytes),
  });
  const written = operation.commands.map(splitCommand);
  const commands = written.map(([name, ...args]) => [name, ...args].map((word) => templates.compile(word)));
  const commandsAt = (seq: number): readonly Words[] =>
    Array.from({ length: pipeline }, (_, turn) => commands.map((words) => filled(words, seq, turn))).flat();
  const isFilled = commands.flat().some((word) => typeof word === 'function');
  const always = isFilled ? [] : commandsAt(0);
  return {
    name: operation.name ?? nameOf(written, pipeline),
    weight,
    commandsAt: isFilled ? commandsAt : () => always,
  };
}

/** `INCR+GET`, `GET x16`: after the commands, whatever their arguments. */
function nameOf(commands: readonly Words[], pipeline: number): string {
  const names = commands.map(([name]) => (name.includes('{{') ? name : name.toUpperCase())).join('+');
  return pipeline === 1 ? names : `${names} x${pipeline}`;
}

function filled(words: readonly (string | Fill)[], seq: number, turn: number): Words {
  const [name = '', ...args] = words.map((word) => (typeof word === 'string' ? word : word(seq, turn)));
  return [name, ...args];
}

const quoted = /"([^"]*)"|'([^']*)'/g;
const word = /(?:\{\{[^{}"']*\}\}|[^\s"']|"[^"]*"|'[^']*')+/g;

/**
 * Splits at blanks, but not at those of a template. What stands between two `"` or two `'` is kept together, so that
 * `SET k 'a b'` has three words.
 */
export function splitCommand(command: string): Words {
  if (/["']/.test(command.replace(quoted, ''))) {
    throw new OrchError('yaml-invalid', `redis_workload: a quote is not closed in the command: ${command}`, {
      hint: 'Quotes keep blanks together, as in SET key "two words"; a quote itself stands between quotes of the other kind.',
    });
  }
  const [name, ...args] = (command.match(word) ?? []).map((each) => each.replace(quoted, '$1$2'));
  if (name === undefined || name === '') {
    throw new OrchError('yaml-invalid', 'redis_workload: a command has no name', {
      hint: 'A command is its name and its arguments, for example INCR orch:counter.',
    });
  }
  return [name, ...args];
}
