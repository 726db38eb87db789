import { expect, test } from 'vitest';
import { configSchema } from '../model/config.ts';
import { wrongRedisCommands } from './redis-commands.ts';

/** What is told of operations, each a list of commands. */
const wrongIn = (operations: readonly (readonly string[])[], more: object = {}) =>
  wrongRedisCommands(
    configSchema.parse({ redis_workload: operations.map((commands) => ({ commands })), ...more }),
  ).map(({ path, message }) => `${path.join('.')}: ${message}`);

test.each([
  'SUBSCRIBE a',
  'psubscribe a*',
  ' "SSubscribe" a',
  'MONITOR',
  'SELECT 1',
  'HELLO 3',
  'RESET',
  'QUIT',
  'SHUTDOWN NOSAVE',
  'CLIENT  REPLY off',
  'debug segfault',
])('%s is no request that could be measured', (command) => {
  const [name = ''] = command.trim().replaceAll('"', '').toUpperCase().split(' ');
  expect(wrongIn([['GET k', command]])).toEqual([
    expect.stringMatching(new RegExp(`^redis_workload\\.0\\.commands\\.1: ${name}`)),
  ]);
});

test('a password is not told', () => {
  const told = wrongIn([['AUTH me sesame']]);
  expect(told).toEqual([expect.stringContaining('AUTH would hold for all other requests too')]);
  expect(told.join()).not.toContain('sesame');
});

test('those that block are let through, and so are others of the same word', () => {
  const commands = ['BLPOP q 1', 'CLIENT GETNAME', 'DEBUG SLEEP 0.1', 'PUBLISH subscribe x', 'SET k SELECT'];
  expect(wrongIn([commands])).toEqual([]);
});

test('a transaction is whole in its operation, and to one node', () => {
  const whole = ['WATCH k', 'MULTI', 'INCR k', 'EXEC'];
  expect(wrongIn([whole, ['MULTI', 'INCR k', 'DISCARD']])).toEqual([]);
  expect(wrongIn([['GET k'], ['INCR k', 'MULTI', 'INCR k'], ['EXEC']])).toEqual([
    expect.stringMatching(/^redis_workload\.1\.commands\.1: MULTI needs an EXEC/),
  ]);
  expect(wrongIn([whole], { redis_nodes: ['redis+cluster://127.0.0.1:7000'] })).toEqual([
    expect.stringMatching(/^redis_workload\.0\.commands\.0: WATCH needs one connection/),
  ]);
});

test('named workloads are looked at too', () => {
  const workloads = { w: { redis: [{ commands: ['GET k'] }, { commands: ['MONITOR'] }] } };
  expect(wrongIn([['GET k']], { workloads })).toEqual([
    expect.stringMatching(/^workloads\.w\.redis\.1\.commands\.0: MONITOR /),
  ]);
});
