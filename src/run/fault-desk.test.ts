import { describe, expect, it } from 'vitest';
import { NodeGone } from '../control/driver.ts';
import { MemoryRun, scenario } from '../testing/memory-run.ts';

const killing = scenario([
  { name: 'failure', duration_sec: 5, actions: [{ type: 'kill_node', target: 'b' }] },
  { name: 'recovery', duration_sec: 5, actions: [{ type: 'restart_node', target: 'b' }] },
]);

describe('the fault desk', () => {
  it('looks again where one look is never answered', async () => {
    const run = new MemoryRun();
    const observe = run.driver.observe.bind(run.driver);
    let looks = 0;
    run.driver.observe = (node) => {
      looks += 1;
      return looks === 2 ? new Promise(() => {}) : observe(node);
    };
    const outcome = await run.execute(killing);
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true, undoFailures: [] });
  });
});
