import { describe, expect, it } from 'vitest';
import { MemoryDisturber } from '../testing/memory-disturber.ts';
import { MemoryRun, scenario } from '../testing/memory-run.ts';
import { chooseMeans, chosenMeans } from './choose-means.ts';
import { openFaults } from './fault-life.ts';
import { makePlan } from './make-plan.ts';

const latency = { type: 'latency', target: 'b', latency_ms: 100 };
const slowed = scenario([
  { name: 'failure', duration_sec: 10, actions: [{ ...latency, at_sec: 2, duration_sec: 5 }] },
]);

function runWithRules() {
  const run = new MemoryRun();
  const rules = new MemoryDisturber(run.clock);
  run.driver.disturbers.push(rules);
  return { run, rules };
}

describe('a fault that leaves its node running', () => {
  it('is journaled with all that its undo takes, put there, seen, taken away, and seen to be gone', async () => {
    const { run, rules } = runWithRules();
    const outcome = await run.execute(slowed);
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true, undoFailures: [] });
    expect(run.faultLine('b')).toEqual([
      'latency requested',
      'latency effective',
      'latency undo_requested',
      'latency undone',
      'latency verified',
    ]);
    const [requested] = run.events.filter(({ type }) => type === 'fault');
    expect(requested).toMatchObject({
      spec: { kind: 'latency', latency_ms: 100, jitter_ms: 0 },
      undo: {
        means: 'rules',
        prepared: { rule: 'b/test-f1' },
        how: expect.stringContaining('taking that away'),
      },
    });
    expect(rules.calls).toEqual(['apply b/test-f1', 'remove b/test-f1']);
    expect(run.driver.calls).toEqual([]);
  });

  it('is undone from the journal alone, with what its means wrote down', async () => {
    const { run } = runWithRules();
    const begun = run.begin(slowed);
    await run.clock.advance(3000);
    expect(openFaults(run.events)).toMatchObject([
      { id: 'f1', node: 'b', means: 'rules', prepared: { rule: 'b/test-f1' }, spec: { latency_ms: 100 } },
    ]);
    run.stop.abort('SIGINT');
    await run.clock.run(begun);
  });

  it('that is nowhere to be seen makes the run inconclusive', async () => {
    const { run, rules } = runWithRules();
    rules.isVain = true;
    const outcome = await run.execute(slowed);
    expect(outcome).toMatchObject({ status: 'complete', conclusive: false, undoFailures: [] });
    expect(run.faultLine('b')).toContain('latency ineffective');
  });

  it('ends without its node answering where another still keeps it from that', async () => {
    const { run } = runWithRules();
    const both = scenario([
      {
        name: 'failure',
        duration_sec: 10,
        actions: [
          { type: 'partition', target: 'b', at_sec: 1, duration_sec: 8 },
          { ...latency, at_sec: 2, duration_sec: 2 },
        ],
      },
    ]);
    run.serves = (node) => node !== 'b' || run.faultLine('b').includes('partition undone');
    const outcome = await run.execute(both);
    expect(outcome.undoFailures).toEqual([]);
    const verified = run.events.find(
      (event) => event.type === 'fault' && event.id === 'f2' && event.state === 'verified',
    );
    expect(verified).toMatchObject({ detail: 'another fault is still in force on the node' });
  });
});

describe('the means of a fault', () => {
  const nodes = [{ name: 'b', kind: 'http', url: 'http://127.0.0.1:1', managed: true }] as const;
  const plan = makePlan({
    scenario: slowed,
    mode: 'http',
    nodes,
    seed: 1,
    blastRadius: {},
    where: () => 'x.yaml:1:1',
  });

  it('is the first that can do it, and is told', async () => {
    const { run, rules } = runWithRules();
    const other = new MemoryDisturber(run.clock);
    Object.assign(other, { means: 'proxy' });
    const disturbers = [rules, other];
    const hands = { driver: run.driver, disturbers };
    expect(chosenMeans(await chooseMeans(plan, hands))).toEqual(['latency of b: by rules']);
    rules.refuses = 'the kernel has no such rules';
    expect(chosenMeans(await chooseMeans(plan, hands))).toEqual([
      'latency of b: by proxy (rules: the kernel has no such rules)',
    ]);
    other.refuses = 'there is no proxy';
    await expect(chooseMeans(plan, hands)).rejects.toMatchObject({
      code: 'fault-impossible',
      details: ['latency of b: rules: the kernel has no such rules; proxy: there is no proxy'],
    });
    await expect(chooseMeans(plan, { ...hands, disturbers: [] })).rejects.toMatchObject({
      details: ['latency of b: the process driver has no means for it'],
    });
  });
});
