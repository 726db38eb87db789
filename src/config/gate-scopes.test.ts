import { expect, it } from 'vitest';
import { unknownScopes } from './gate-scopes.ts';

const phases = [{ name: 'steady' }, { name: 'steady' }, { name: 'failure' }];
const nodes = [{ name: 'a' }, { name: 'b' }];

it('tells of phases and nodes that are not there beside gates with other mistakes', () => {
  const gates = [
    'error_rat < 1% during nowhere',
    { gate: 'p(99) < 250 during failur for c', name: 'the tail' },
    'p(99) < 250 during "steady (2)" for a',
    7,
  ];
  expect(unknownScopes({ phases, gates }, nodes)).toEqual([
    { path: ['gates', 1], message: expect.stringContaining('no phase `failur`; did you mean `failure`?') },
    { path: ['gates', 1], message: expect.stringContaining('no node `c`') },
  ]);
});

it('says nothing of phases where one of them has no name yet', () => {
  const gates = ['dropped == 0 during recovery'];
  expect(unknownScopes({ phases: [...phases, { nam: 'recovery' }], gates }, nodes)).toEqual([]);
});
