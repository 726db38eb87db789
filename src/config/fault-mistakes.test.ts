import { expect, it } from 'vitest';
import { OrchError } from '../model/errors.ts';
import { scenarioSchema } from '../model/scenario.ts';
import { validateYaml } from './validate.ts';

function mistakesIn(action: string): readonly string[] {
  try {
    validateYaml(
      `name: s\nphases:\n  - { name: p, duration_sec: 1, actions: [${action}] }`,
      'f',
      scenarioSchema,
    );
  } catch (error) {
    if (error instanceof OrchError && error.code === 'yaml-invalid') return error.details;
    throw error;
  }
  return [];
}

it.each([
  ['{ type: dns_failure, target: a, peers: [b, c-*] }', /^f:3:86: .*peers\[1\]` is `c-\*`: must be a name/],
  ['{ type: partition, target: a, from: [b?] }', /^f:3:\d+: .*must be a name/],
])('globs are refused where peers are named, each at its place: %s', (action, mistake) => {
  expect(mistakesIn(action)).toEqual([expect.stringMatching(mistake)]);
});
