import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OrchError } from '../model/errors.ts';
import { redisMix, splitCommand } from './redis-mix.ts';

describe('splitCommand', () => {
  test.each([
    ['GET k', ['GET', 'k']],
    ['  set\tk   v ', ['set', 'k', 'v']],
    [`SET k 'a b'`, ['SET', 'k', 'a b']],
    [`SET k "it's"`, ['SET', 'k', "it's"]],
    [`SET k '{"a": 1}'`, ['SET', 'k', '{"a": 1}']],
    [`SET k pre'a b'post`, ['SET', 'k', 'prea bpost']],
    [`SET k ''`, ['SET', 'k', '']],
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

describe('redisMix', () => {
  test('an operation is named after its commands', () => {
    const mix = redisMix([{ weight: 1, commands: ['incr k', 'GET k'] }]);
    const operation = mix.operation(0);
    expect(operation).toEqual({ name: 'INCR+GET', index: 0 });
    expect(mix.commands(operation)).toEqual([
      ['incr', 'k'],
      ['GET', 'k'],
    ]);
  });

  test('each operation has its weight’s share of the picks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 6 }),
        (weights) => {
          const mix = redisMix(weights.map((weight) => ({ weight, commands: ['PING'] })));
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const counts = weights.map(() => 0);
          for (let step = 0; step < 1000; step += 1) {
            const { index } = mix.operation(step / 1000);
            counts[index] = (counts[index] ?? 0) + 1;
          }
          for (const [index, weight] of weights.entries()) {
            expect(Math.abs((counts[index] ?? 0) / 1000 - weight / total)).toBeLessThan(0.002);
          }
          expect(mix.operation(1 - Number.EPSILON / 2).index).toBe(weights.length - 1);
        },
      ),
    );
  });

  test('a mix of nothing is refused', () => {
    expect(() => redisMix([])).toThrow(OrchError);
  });
});
