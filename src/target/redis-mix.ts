import type { RedisOperation } from '../model/config.ts';
import { OrchError } from '../model/errors.ts';
import type { Operation } from './target.ts';

/** A command's name and its arguments. */
export type Words = readonly [string, ...string[]];

export interface RedisMix {
  /** The operation that `pick` (0 ≤ pick < 1) falls on, each having its weight's share of that range. */
  operation(pick: number): Operation;
  /** The operation's commands, in order. */
  commands(operation: Operation): readonly Words[];
}

/** Throws an OrchError if there is no operation, or a command that cannot be split into words. */
export function redisMix(operations: readonly RedisOperation[]): RedisMix {
  const total = operations.reduce((sum, { weight }) => sum + weight, 0);
  let reached = 0;
  const entries = operations.map((operation, index) => {
    const commands = operation.commands.map(splitCommand);
    const name = commands.map(([first]) => first.toUpperCase()).join('+');
    reached += operation.weight;
    return { operation: { name, index }, commands, end: reached / total };
  });
  const last = entries.at(-1);
  if (last === undefined) throw new OrchError('yaml-invalid', 'redis_workload has no operation');
  return {
    operation: (pick) => (entries.find(({ end }) => pick < end) ?? last).operation,
    commands: ({ index }) => (entries[index] ?? last).commands,
  };
}

const quoted = /"([^"]*)"|'([^']*)'/g;
const word = /(?:[^\s"']|"[^"]*"|'[^']*')+/g;

/** Splits at blanks. What stands between two `"` or two `'` is kept together, so that `SET k 'a b'` has three words. */
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
