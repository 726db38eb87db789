import { describe, expect, it } from 'vitest';
import type { NodeSpec } from '../model/node.ts';
import { scenario } from '../testing/memory-run.ts';
import { makePlan } from './make-plan.ts';

const nodes: readonly NodeSpec[] = [{ name: 'web', kind: 'http', url: 'http://127.0.0.1:1', managed: true }];
const ask = { type: 'http_request', url: 'http://127.0.0.1:9' };
const asks = (count: number) => Array.from({ length: count }, () => ask);
const repeat = (count: number, actions: readonly unknown[]) => ({ type: 'repeat', count, actions });

function planned(actions: readonly unknown[]) {
  const made = scenario([{ name: 'only', duration_sec: 3600, actions }]);
  const where = (path: readonly (string | number)[]) => path.join('.');
  return () => makePlan({ scenario: made, mode: 'http', nodes, seed: 1, blastRadius: {}, where });
}

describe('the extent of a scenario', () => {
  it.each([
    [
      'repetitions of repetitions',
      [ask, repeat(1000, [repeat(1000, [repeat(1000, [ask])])])],
      'phases.0.actions.1',
    ],
    [
      'a repetition deep within',
      [{ type: 'sequence', actions: [ask, repeat(1000, asks(10))] }],
      'phases.0.actions.0.actions.1',
    ],
    [
      'several that are too much together',
      [repeat(1000, asks(5)), repeat(1000, asks(5))],
      'phases.0.actions.1',
    ],
    ['actions without a repetition', asks(10_001), 'phases.0.actions.10000'],
  ])('is bounded, before any of it is planned: %s', (_, actions, place) => {
    expect(planned(actions)).toThrow(
      expect.objectContaining({
        code: 'plan-invalid',
        details: [`${place}: with this, the scenario comes to more than 10,000 actions`],
      }),
    );
  });

  it('may be as large as the bound', () => {
    const { steps } = planned([repeat(999, [repeat(9, [ask])]), ...asks(8)])();
    expect(steps.filter(({ order }) => order.type === 'ask')).toHaveLength(999 * 9 + 8);
  });
});
