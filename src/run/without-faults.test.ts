import { describe, expect, it } from 'vitest';
import type { NodeSpec } from '../model/node.ts';
import type { Scenario } from '../model/scenario.ts';
import { MemoryRun, scenario } from '../testing/memory-run.ts';
import { makePlan } from './make-plan.ts';
import { baselineObstacles, withoutFaults } from './without-faults.ts';

const load = { type: 'start_load', target: 'all_nodes', rps: 10 };
const faults = [
  { type: 'kill_node', target: 'a', at_sec: 1 },
  { type: 'restart_node', target: 'a', at_sec: 4 },
  { type: 'pause_node', target: { service: 'all_nodes', random: 1 }, duration_sec: 2 },
  {
    type: 'sequence',
    at_sec: 5,
    actions: [
      { type: 'kill_node', target: 'b', duration_sec: 3 },
      { type: 'continue_load', rps: 20 },
    ],
  },
];
const disturbed = scenario([{ name: 'only', duration_sec: 20, actions: [load, ...faults] }]);

function obstacles(what: Scenario): readonly string[] {
  const nodes = ['a', 'b', 'c'].map(
    (name): NodeSpec => ({ name, kind: 'http', url: 'http://127.0.0.1:9', managed: true }),
  );
  const where = () => 'here';
  return baselineObstacles(
    makePlan({ scenario: what, mode: 'http', nodes, seed: 1, blastRadius: {}, where }),
  );
}

describe('a plan without its faults', () => {
  it('disturbs nothing, and has the same load at the same times', async () => {
    const calm = new MemoryRun();
    calm.change = withoutFaults;
    const outcome = await calm.execute(disturbed);
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true });
    expect(calm.events.filter(({ type }) => type === 'fault' || type === 'nodes_chosen')).toEqual([]);
    expect(calm.records.every(({ outcome: one }) => one === 'ok')).toBe(true);

    const faulty = new MemoryRun();
    await faulty.execute(disturbed);
    expect(faulty.events.some(({ type }) => type === 'fault')).toBe(true);
    const dueOf = (run: MemoryRun) => run.records.map(({ scheduledMs }) => scheduledMs).sort((a, b) => a - b);
    expect(dueOf(calm)).toHaveLength(80 + 240);
    // Of the same seed, what does not wait for a node is due at the same times.
    expect(dueOf(calm).slice(0, 80)).toEqual(dueOf(faulty).slice(0, 80));
  });

  it('is no baseline where that would be another run, or what is asked may be part of the fault', () => {
    const phase = (more: object) => scenario([{ name: 'only', duration_sec: 20, actions: [load], ...more }]);
    expect(obstacles(disturbed)).toEqual([]);
    expect(obstacles(phase({}))).toEqual(['it injects no fault']);
    expect(obstacles(phase({ actions: [load, ...faults], until: 'done' }))).toEqual([
      expect.stringContaining('ends when all is done'),
    ]);
    const flush = { type: 'run_command', run: ['true'] };
    expect(obstacles(phase({ actions: [load, ...faults, flush] }))).toEqual([
      expect.stringContaining('cannot be seen: run true'),
    ]);
  });
});
