import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentJournal } from '../src/import/journal.ts';
import { said, scenarioText, Workshop } from './support.ts';

describe('orch run --journal', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.close());

  const journal = () => JSON.parse(readFileSync(shop.path('journal.json'), 'utf8')) as ExperimentJournal;
  const names = (entries: ExperimentJournal['run']) => entries.map(({ activity }) => activity.name);
  const args = ['run', '--scenario', 's.yaml', '--driver', 'process', '--journal', 'journal.json'];
  const pause = { type: 'pause_node', undo: 'unpause_node', node: 'service-node-2' };

  it('writes what a run did', async () => {
    const calm = 'steady_state: [{ name: calm, metric: error_rate < 90%, when: [during] }]\n';
    shop.write('s.yaml', scenarioText('s', [1, 1, 1], pause) + calm);
    const { code, stderr } = await shop.orch([...args, '--run-id', 'r']);
    expect(code, stderr).toBe(0);
    const { status, deviated, run, rollbacks, experiment, duration, steady_states: states } = journal();
    expect({ status, deviated, title: experiment['title'] }).toEqual({
      status: 'completed',
      deviated: false,
      title: 's',
    });
    expect(states.during).toMatchObject([{ steady_state_met: true }]);
    expect(names(run)).toEqual(['load 50 rps', 'pause service-node-2', 'stop load']);
    expect(names(rollbacks)).toEqual(['undo pause service-node-2']);
    expect(new Set([...run, ...rollbacks].map((entry) => entry.status))).toEqual(new Set(['succeeded']));
    const { started_at_sec: begin, ended_at_sec: end } = shop.manifest('r');
    expect(duration).toBeCloseTo((end ?? 0) - begin, 3);
  });

  it('writes it where the run is interrupted', async () => {
    shop.write('s.yaml', scenarioText('s', [1, 60, 1], pause));
    const { child, done } = shop.start(args);
    await said(child, /pause service-node-2: effective/);
    child.kill('SIGINT');
    expect((await done).code).toBe(105);
    const { status, run, rollbacks } = journal();
    expect(status).toBe('interrupted');
    expect(names(run)).toContain('pause service-node-2');
    expect(rollbacks).toMatchObject([
      { status: 'succeeded', activity: { name: 'undo pause service-node-2' } },
    ]);
  });

  it('begins no run whose journal would have no place', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    const { code, stderr } = await shop.orch([...args.slice(0, -1), 'nowhere/journal.json']);
    expect(code).toBe(104);
    expect(stderr).toContain('there is no directory nowhere');
    expect(existsSync(shop.path('runs'))).toBe(false);
  });
});
