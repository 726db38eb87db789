import { expect, it } from 'vitest';
import { scenarioSchema } from '../model/scenario.ts';
import { gateMistakes } from './gate-mistakes.ts';

it('names phases and nodes that the run does not have, and what was meant', () => {
  const phase = { name: 'steady', duration_sec: 5, actions: [] };
  const scenario = scenarioSchema.parse({
    name: 'gated',
    gates: [
      'error_rate < 1% during steady for a',
      { gate: 'p(99) < 250 during stedy for c', name: 'the tail' },
      'p(99) < 250 during "steady (2)"',
    ],
    phases: [phase, phase],
  });
  const phases = ['steady', 'steady (2)'].map((name) => ({ name, startMs: 0, endMs: 5000 }));
  const nodes = ['a', 'b'].map((name) => ({ name, kind: 'http' as const, url: '', managed: true }));
  expect(gateMistakes(scenario, phases, nodes)).toEqual([
    { index: 1, message: 'there is no phase `stedy`; did you mean `steady`? Known: steady, steady (2)' },
    { index: 1, message: 'there is no node `c`; did you mean `a`? Known: a, b' },
  ]);
});
