import { expect, it } from 'vitest';
import { allowedTransitions, simulate, told } from '../testing/simulation/simulate.ts';

it('leaves no fault behind, touches nothing of a stranger’s and hides no error, whatever befalls it; every transition is made', async () => {
  const { failed, transitions } = await simulate(1, 3000);
  expect(failed.map(told)).toEqual([]);
  expect([...transitions].sort()).toEqual([...allowedTransitions()].sort());
}, 120_000);
