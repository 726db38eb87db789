import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OrchError } from '../model/errors.ts';
import { Feeds } from './feed.ts';
import { redisCommands, splitCommand } from './redis-commands.ts';

describe('splitCommand', () => {
  test.each([
    ['GET k', ['GET', 'k']],
    ['  set\tk   v ', ['set', 'k', 'v']],
    [`SET k 'a b'`, ['SET', 'k', 'a b']],
    [`SET k "it's"`, ['SET', 'k', "it's"]],
    [`SET k '{"a": 1}'`, ['SET', 'k', '{"a": 1}']],
    [`SET k pre'a b'post`, ['SET', 'k', 'prea bpost']],
    [`SET k ''`, ['SET', 'k', '']],
    ['SET k{{random 1 9}} {{pick a b}}', ['SET', 'k{{random 1 9}}', '{{pick a b}}']],
    [`SET {{key}} 'say {{pick a b}}'`, ['SET', '{{key}}', 'say {{pick a b}}']],
  ])('%s', (command, words) => {
    expect(splitCommand(command)).toEqual(words);
  });

  test.each([`SET k 'a`, `SET k don't`, '', '  ', `''`])('%j is refused', (command) => {
    expect(() => splitCommand(command)).toThrow(OrchError);
  });

  test('every list of words without a double quote can be written', () => {
    const words = fc.array(fc.string().filter((word) => !word.includes('"')));
    fc.assert(
      fc.property(words, (args) => {
        const command = ['PING', ...args.map((word) => `"${word}"`)].join(' ');
        expect(splitCommand(command)).toEqual(['PING', ...args]);
      }),
    );
  });
});

describe('redisCommands', () => {
  const source = { seed: 1, feeds: new Feeds({}) };

  test('an operation is named after its commands, unless it has a name', () => {
    const named = (given: object) =>
      redisCommands({ weight: 1, commands: ['incr k', 'GET k'], ...given }, source).name;
    expect(named({})).toBe('INCR+GET');
    expect(named({ pipeline: 16 })).toBe('INCR+GET x16');
    expect(named({ name: 'count' })).toBe('count');
  });

  test('what is always the same is made once', () => {
    const { commandsAt } = redisCommands({ weight: 1, commands: ['INCR k', 'GET k'], pipeline: 2 }, source);
    const once = [
      ['INCR', 'k'],
      ['GET', 'k'],
    ];
    expect(commandsAt(0)).toEqual([...once, ...once]);
    expect(commandsAt(1)).toBe(commandsAt(0));
  });

  test('keys and values are filled in; each turn of a pipeline has a key of its own, and both commands of it the same', () => {
    const { commandsAt } = redisCommands(
      {
        weight: 1,
        commands: ['SET {{key}} {{value}}', 'GET {{key}}'],
        keys: { count: 10_000, prefix: 'k', distribution: 'uniform' },
        value_bytes: 3,
        pipeline: 50,
      },
      source,
    );
    const commands = commandsAt(7);
    expect(commands).toHaveLength(100);
    expect(commandsAt(7)).toEqual(commands);
    expect(commandsAt(8)).not.toEqual(commands);
    const keys = commands.map(([, key]) => key);
    for (let turn = 0; turn < 50; turn += 1) expect(keys[2 * turn]).toBe(keys[2 * turn + 1]);
    expect(new Set(keys).size).toBeGreaterThan(45);
    expect(commands[0]).toEqual(['SET', expect.stringMatching(/^k\d{1,4}$/), 'xxx']);
  });
});
