import { expect, it } from 'vitest';
import { OrchError } from '../model/errors.ts';
import { scenarioSchema } from '../model/scenario.ts';
import { manifestOf } from '../testing/run-files.ts';
import { keptGates, parseGates, withGates } from './gate-options.ts';

it('takes gates from the command line, and marks what is wrong with those that are none', () => {
  expect(parseGates(['error_rate < 1%', 'p99 < 250'])).toMatchObject([
    { gate: { text: 'error_rate < 1%', name: null }, place: null },
    { gate: { text: 'p99 < 250' }, place: null },
  ]);
  const refusal = (() => {
    try {
      return parseGates(['p(99 < 250', 'p99 < 250', 'error_rate\t< 5']);
    } catch (error) {
      return error;
    }
  })();
  expect(refusal).toBeInstanceOf(OrchError);
  expect(refusal).toMatchObject({
    code: 'usage',
    message: expect.stringContaining('2 of --gate are none'),
    details: [
      'p(99 < 250',
      '     ^ `)` is missing, not `<`',
      'error_rate < 5',
      '             ^ error_rate is a share: 5% or 0.05',
    ],
  });
});

it('puts them beside those of the scenario, so that they are checked like these, by another place', () => {
  const phases = [{ name: 'steady', duration_sec: 1 }];
  const value = scenarioSchema.parse({ name: 'gated', gates: ['dropped == 0'], phases });
  const kept = { path: 's.yaml', sha256: '', text: '', variables: [], includes: [], warnings: [] };
  const { value: both, where } = withGates({ ...kept, value, where: () => 's.yaml:2:5' }, ['p99 < 250']);
  expect(both.gates).toEqual(['dropped == 0', 'p99 < 250']);
  expect([where(['gates', 0]), where(['gates', 1]), where(['phases', 1])]).toEqual([
    's.yaml:2:5',
    '--gate',
    's.yaml:2:5',
  ]);
});

it('refuses a gate that a run was made with, and that is none any more', () => {
  const made = JSON.parse(manifestOf({}));
  const kept = (gate: string) =>
    keptGates({
      ...made,
      scenario: { ...made.scenario, gates: [{ gate, name: null, place: 's.yaml:2:5' }] },
    });
  expect(kept('error_rate < 1%')).toMatchObject([{ gate: { limit: 0.01, name: null }, place: 's.yaml:2:5' }]);
  expect(() => kept('error_rate < 1')).toThrow(
    'the run was made with the gate `error_rate < 1`: error_rate is a share',
  );
});
