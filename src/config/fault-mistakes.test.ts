import { expect, it } from 'vitest';
import { scenarioSchema } from '../model/scenario.ts';
import { mistakesOf } from '../testing/mistakes.ts';
import { validateYaml } from './validate.ts';

const mistakesIn = (action: string) =>
  mistakesOf(() =>
    validateYaml(
      `name: s\nphases:\n  - { name: p, duration_sec: 1, actions: [${action}] }`,
      'f',
      scenarioSchema,
    ),
  );

it.each([
  ['{ type: dns_failure, target: a, peers: [b, c-*] }', /^f:3:86: .*peers\[1\]` is `c-\*`: must be a name/],
  ['{ type: partition, target: a, from: [b?] }', /^f:3:\d+: .*must be a name/],
])('globs are refused where peers are named, each at its place: %s', (action, mistake) => {
  expect(mistakesIn(action)).toEqual([expect.stringMatching(mistake)]);
});
