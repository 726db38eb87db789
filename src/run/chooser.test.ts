import { describe, expect, it } from 'vitest';
import { MemoryRun, scenario } from '../testing/memory-run.ts';

const load = { type: 'start_load', target: 'all_nodes', rps: 10 };

/** What was chosen and disturbed, in the order of the journal. */
function told(run: MemoryRun): string[] {
  return run.events.flatMap((event) => {
    if (event.type === 'nodes_chosen') return [`${event.action}: ${event.nodes.join(' ') || 'skipped'}`];
    return event.type === 'fault' && event.state === 'requested' ? [`${event.kind} ${event.node}`] : [];
  });
}

describe('a run', () => {
  it('journals which nodes a target means, before any of them is disturbed, in groups too', async () => {
    const run = new MemoryRun();
    const kill = (target: unknown) => ({ type: 'kill_node', target, duration_sec: 1 });
    const actions = [
      load,
      { ...kill({ service: ['a', 'b'], except: 'a' }), at_sec: 2 },
      { type: 'sequence', at_sec: 10, actions: [kill(['c', 'a']), kill({ random: 2 })] },
    ];
    const outcome = await run.execute(scenario([{ name: 'only', duration_sec: 30, actions }]), 7);
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true });
    const [one, other] = run.events.flatMap((event) =>
      event.type === 'nodes_chosen' && event.why.includes('seed 7 draws 2') ? event.nodes : [],
    );
    expect(told(run)).toEqual([
      'kill_node: b',
      'kill b',
      'kill_node: a c',
      'kill a',
      'kill c',
      `kill_node: ${one} ${other}`,
      `kill ${one}`,
      `kill ${other}`,
    ]);
  });

  it('journals what it skips, and goes on', async () => {
    const run = new MemoryRun();
    const skipped = { service: 'x-*', on_no_match: 'skip' };
    const actions = [load, { type: 'stop_load', target: skipped }, { type: 'kill_node', target: skipped }];
    const outcome = await run.execute(scenario([{ name: 'only', duration_sec: 3, actions }]));
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true });
    expect(told(run)).toEqual(['stop_load: skipped', 'kill_node: skipped']);
    expect(run.records).toHaveLength(30);
    expect(run.driver.calls.filter((call) => call.startsWith('kill'))).toEqual([]);
  });
});
