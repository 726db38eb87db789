import { expect, it } from 'vitest';
import type { NodeSpec } from '../model/node.ts';
import { scenario } from '../testing/memory-run.ts';
import { makePlan } from './make-plan.ts';
import { plannedRequests } from './planned-requests.ts';

const nodes = ['a', 'b'].map(
  (name): NodeSpec => ({ name, kind: 'http', url: `http://127.0.0.1:1/${name}`, managed: true }),
);

function planned(
  actions: readonly unknown[],
  [fromMs, toMs]: readonly [number, number],
  node: string | null = null,
) {
  const phases = [
    { name: 'one', duration_sec: 10, actions },
    { name: 'two', duration_sec: 10, actions: [] },
  ];
  const plan = makePlan({
    scenario: scenario(phases),
    mode: 'http',
    nodes,
    seed: 1,
    blastRadius: {},
    where: String,
  });
  return plannedRequests(plan, { fromMs, toMs, node });
}

const steady = { type: 'start_load', target: 'all_nodes', rps: 50 };
const all = [0, 20_000] as const;

it.each<[string, readonly unknown[], readonly [number, number], string | null, number | null]>([
  ['a steady load', [steady], all, null, 1000],
  ['a part of it', [steady], [5000, 12_000], null, 350],
  ['the share of a node', [steady], all, 'a', 500],
  ['a node without load', [{ ...steady, target: 'b' }], all, 'a', 0],
  ['two loads', [steady, { ...steady, name: 'other', rps: 10 }], all, null, 1200],
  ['a load that is stopped', [steady, { type: 'stop_load', at_sec: 4 }], all, null, 200],
  ['a rate that is changed', [steady, { type: 'continue_load', rps: 10, at_sec: 4 }], all, null, 200 + 160],
  [
    'a ramp',
    [{ type: 'start_load', target: 'all_nodes', rps: { from: 0, to: 100 } }],
    [0, 10_000],
    null,
    500,
  ],
  ['nothing', [], all, null, 0],
  ['a closed load', [{ type: 'start_load', target: 'all_nodes', vus: 5 }], all, null, null],
])('of %s', (_, actions, span, node, expected) => {
  const found = planned(actions, span, node);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(expected, 6);
});
