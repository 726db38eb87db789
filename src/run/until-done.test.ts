import { describe, expect, it } from 'vitest';
import { MemoryRun, scenario } from '../testing/memory-run.ts';

const load = { type: 'start_load', target: 'all_nodes', rps: 10 };
const kill = (target: string, more: object = {}) => ({ type: 'kill_node', target, ...more });

function scenarioOf(actions: readonly unknown[], before: readonly unknown[] = [load]) {
  return scenario([
    { name: 'before', duration_sec: 5, actions: before },
    { name: 'method', duration_sec: 60, until: 'done', actions },
  ]);
}

/** When the last phase ended, in whole seconds of the run. */
async function endedAt(actions: readonly unknown[], before?: readonly unknown[], run = new MemoryRun()) {
  const outcome = await run.execute(scenarioOf(actions, before));
  expect(outcome).toMatchObject({ status: 'complete', conclusive: true, undoFailures: [] });
  const ended = run.events.findLast(({ type }) => type === 'phase_ended');
  return Math.round((ended?.run_ms ?? -1) / 1000);
}

describe('a phase until done', () => {
  it('ends with the last of its groups, and the run and its load with it', async () => {
    const run = new MemoryRun();
    const sequence = {
      type: 'sequence',
      actions: [
        kill('a', { duration_sec: 3 }),
        { type: 'wait', duration_sec: 2 },
        kill('b', { duration_sec: 4 }),
      ],
    };
    expect(await endedAt([sequence], [load], run)).toBe(14);
    expect(run.records.at(-1)?.phase).toBe('method');
    expect(run.clock.now()).toBeLessThan(20_000);
    expect(run.driver.calls).toEqual(['kill a', 'start a', 'kill b', 'start b']);
  });

  it('waits for what began before it, for actions at their times and for their durations', async () => {
    const long = { type: 'sequence', actions: [{ type: 'wait', duration_sec: 12 }, kill('a')] };
    expect(await endedAt([], [load, long])).toBe(12);
    expect(await endedAt([kill('a', { at_sec: 7 })])).toBe(12);
    expect(await endedAt([kill('a', { at_sec: 7, duration_sec: 5 })])).toBe(17);
    expect(await endedAt([{ ...load, rps: 20, duration_sec: 9 }])).toBe(14);
  });

  it('lasts as long as it may where something goes on until then', async () => {
    expect(await endedAt([kill('a', { duration_sec: 60 })])).toBe(65);
    expect(await endedAt([{ type: 'sequence', actions: [{ type: 'wait', duration_sec: 80 }] }])).toBe(65);
  });

  it('is the last one', async () => {
    const made = scenario([
      { name: 'method', duration_sec: 60, until: 'done', actions: [load] },
      { name: 'after', duration_sec: 5 },
    ]);
    await expect(new MemoryRun().execute(made)).rejects.toMatchObject({
      code: 'plan-invalid',
      details: ['phases.0.until: only the last phase can end when all is done'],
    });
  });
});
