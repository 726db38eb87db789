import { expect, it } from 'vitest';
import { gateOf } from '../model/gate-schema.ts';
import type { NodeSpec } from '../model/node.ts';
import { makePlan } from '../run/make-plan.ts';
import { scenario } from '../testing/memory-run.ts';
import { gateOutlook } from './outlook.ts';

const node = (name: string): NodeSpec => ({
  name,
  kind: 'http',
  url: `http://127.0.0.1:1/${name}`,
  managed: true,
});
const nodes = ['a', 'b', 'idle', 'apart'].map(node);
/** Five hundred requests in all, 250 to each of two nodes, of which one is killed in the second phase. */
const plan = makePlan({
  scenario: scenario([
    {
      name: 'calm',
      duration_sec: 5,
      actions: [{ type: 'start_load', target: { service: ['a', 'b'] }, rps: 50 }],
    },
    {
      name: 'failure',
      duration_sec: 5,
      actions: [
        { type: 'kill_node', target: 'a' },
        { type: 'pause_node', target: 'idle' },
      ],
    },
  ]),
  mode: 'http',
  nodes,
  seed: 1,
  blastRadius: {},
  where: String,
});

it.each<[string, boolean, string | null]>([
  ['error_rate < 1%', false, null],
  ['error_rate < 0.1%', false, 'it needs 1,000 requests, and some 500 are due'],
  ['p(95) < 100', false, null],
  ['p(99) < 100', false, 'it needs 1,000 requests, and some 500 are due'],
  ['p(95) < 100 for a during calm', false, 'it needs 200 requests, and some 125 are due'],
  ['regression(p99) < 10%', true, 'it needs 1,000 requests, and some 500 are due'],
  ['regression(error_rate) < 10%', true, null],
  ['dropped == 0 for idle', false, 'no load goes to idle'],
  ['dropped == 0 for apart', false, 'no load goes to apart'],
  ['dropped == 0 for apar', false, 'there is no node `apar`; did you mean `apart`? Known: a, b, idle, apart'],
  [
    'p50 < 1 during failur',
    false,
    'there is no phase `failur`; did you mean `failure`? Known: calm, failure',
  ],
  ['recovery_time_sec <= 10', true, null],
  ['recovery_time_sec <= 10 for b', true, 'no fault is injected into b'],
  ['outage_sec < 1 during calm', true, 'no fault is injected during calm'],
  ['time_to_recover_sec < 1 for a during failure', true, null],
  ['anomaly_windows == 0', true, null],
  ['lost_writes == 0', false, 'the scenario has no `checks` of writes'],
])('%s', (gate, needs_baseline, obstacle) => {
  expect(gateOutlook({ gate: gateOf(gate), place: 's.yaml:3:5' }, plan, nodes)).toEqual({
    gate,
    name: null,
    place: 's.yaml:3:5',
    needs_baseline,
    obstacle,
  });
});
