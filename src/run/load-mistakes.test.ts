import { describe, expect, it } from 'vitest';
import { OrchError } from '../model/errors.ts';
import type { NodeKind, NodeSpec } from '../model/node.ts';
import { scenario } from '../testing/memory-run.ts';
import { makePlan } from './make-plan.ts';

const nodes: readonly NodeSpec[] = [
  { name: 'web', kind: 'http', url: 'http://127.0.0.1:1', managed: false },
  { name: 'cache', kind: 'redis', url: 'redis://127.0.0.1:2', managed: false },
];
const reads = new Map<string, NodeKind>([
  ['reads', 'http'],
  ['writes', 'redis'],
]);

function plan(actions: readonly unknown[], workloads = reads) {
  const made = scenario([{ name: 'only', duration_sec: 10, actions }]);
  const where = (path: readonly (string | number)[]) => `x.yaml:${path.join('.')}`;
  return makePlan({ scenario: made, mode: 'http', nodes, seed: 1, blastRadius: {}, workloads, where });
}

function mistakes(actions: readonly unknown[], workloads = reads): readonly string[] {
  try {
    plan(actions, workloads);
    return [];
  } catch (error) {
    if (error instanceof OrchError && error.code === 'plan-invalid') return error.details;
    throw error;
  }
}

const load = { type: 'start_load', target: 'web', rps: 5 };

describe('the workload of a load', () => {
  it('stays as it was where nothing is said of it, and differs between loads', () => {
    const { steps } = plan([
      { ...load, workload: 'reads' },
      { type: 'continue_load', rps: 10 },
      { ...load, name: 'caching', target: 'cache', workload: 'writes' },
      { ...load, name: 'plain' },
    ]);
    const workloads = steps.flatMap(({ order }) => (order.type === 'set_load' ? [order.load.workload] : []));
    expect(workloads).toEqual(['reads', 'reads', 'writes', null]);
  });

  it('is one of the config’s, for nodes of that kind', () => {
    const where = 'x.yaml:phases.0.actions.0: ';
    expect(mistakes([{ ...load, workload: 'read' }])).toEqual([
      `${where}there is no workload \`read\`; did you mean \`reads\`? Known: reads, writes`,
    ]);
    expect(mistakes([{ ...load, workload: 'reads' }], new Map())).toEqual([
      `${where}there is no workload \`reads\`: the config has no \`workloads\``,
    ]);
    expect(mistakes([{ ...load, workload: 'writes' }])).toEqual([
      `${where}the workload \`writes\` is for redis nodes, and web is a http node`,
    ]);
  });
});
