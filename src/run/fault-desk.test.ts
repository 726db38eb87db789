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

  it('says what keeps it from looking at a node before it is disturbed', async () => {
    const run = new MemoryRun();
    run.driver.observe = (node) => Promise.reject(new NodeGone(`${node} was removed`));
    const { status, error } = await run.execute(killing);
    expect(status).toBe('failed');
    expect(error).toMatchObject({ code: 'fault-failed', message: 'cannot kill b: b was removed' });
    expect(run.driver.calls).toEqual([]);
  });

  it('says of a node that was removed before an effect was seen that it was removed', async () => {
    const run = new MemoryRun();
    const observe = run.driver.observe.bind(run.driver);
    run.driver.observe = (node) =>
      run.driver.calls.length === 0 ? observe(node) : Promise.reject(new NodeGone(`${node} was removed`));
    expect(await run.execute(killing)).toMatchObject({ status: 'complete', conclusive: false });
    expect(run.faultLine('b')).toContain('kill ineffective');
    expect(run.events).toContainEqual(
      expect.objectContaining({ state: 'ineffective', detail: 'b was removed' }),
    );
  });

  it('names the first error where the disk is full besides, and a fault that failed leaves nothing concluded', async () => {
    const run = new MemoryRun();
    run.driver.tricks.set('kill', 'fails');
    run.beforeWrite = (event) => {
      if (event.type === 'fault' && event.state === 'failed') throw new Error('no space');
    };
    const { status, error, conclusive } = await run.execute(killing);
    expect(status).toBe('failed');
    expect(error).toMatchObject({ code: 'fault-failed', message: 'cannot kill b: kill was refused' });
    expect(conclusive).toBe(false);
  });

  it.each(['before', 'after'])(
    'disturbs nothing once a run was interrupted, just %s the intent was written',
    async (when) => {
      const run = new MemoryRun();
      const observe = run.driver.observe.bind(run.driver);
      if (when === 'after') run.beforeWrite = (event) => event.type === 'fault' && run.stop.abort('SIGINT');
      else
        run.driver.observe = (node) => {
          run.stop.abort('SIGINT');
          return observe(node);
        };
      expect(await run.execute(killing)).toMatchObject({ status: 'interrupted', undoFailures: [] });
      expect(run.driver.calls).toEqual([]);
      expect(run.faultLine('b')).toEqual(
        when === 'before' ? [] : ['kill requested', 'kill undo_requested', 'kill undone', 'kill verified'],
      );
    },
  );
});
