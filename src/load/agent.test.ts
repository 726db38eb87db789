import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock/clock.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { constantRate } from '../model/demand.ts';
import type { NodeSpec } from '../model/node.ts';
import type { RequestRecord } from '../model/record.ts';
import type { Target } from '../target/target.ts';
import { LoadAgent } from './agent.ts';
import type { Load } from './load.ts';

const node: NodeSpec = { name: 'a', kind: 'http', url: 'http://127.0.0.1/a', managed: false };

function load(rps: number): Load {
  return { name: 'load', demand: constantRate(rps), nodes: [node], workload: null, sinceMs: null };
}

/** A target that answers as soon as it may. */
const target: Target = {
  kind: 'http',
  open: async () => {},
  operation: () => ({ name: 'GET /', index: 0 }),
  invoke: (...[, , , , asker]) =>
    queueMicrotask(() => asker.settle({ outcome: 'ok', status: 200, error: '' })),
  probe: async () => null,
  close: async () => {},
};

/** An agent on a machine so busy that no timer ever fires in time. */
function stuckAgent(untilMs: number) {
  const time = { nowMs: 0 };
  const clock: Clock = {
    now: () => time.nowMs,
    wall: () => time.nowMs,
    sleepUntil: () => new Promise(() => {}),
  };
  return { time, ...agentOn(clock, untilMs) };
}

function agentOn(clock: Clock, untilMs: number) {
  const records: RequestRecord[] = [];
  const agent = new LoadAgent({
    clock,
    startMs: 0,
    untilMs,
    targets: new Map([['http', target]]),
    seed: 1,
    settings: { max_in_flight: 10_000, timeout_sec: 5, spread: 'random' },
    phases: [{ name: 'only', startMs: 0, endMs: untilMs }],
    record: (record) => records.push(record),
  });
  return { agent, records };
}

describe('the load agent', () => {
  it('sends what was due before load was stopped, even where its timer is late', async () => {
    const { time, agent, records } = stuckAgent(10_000);
    agent.set(load(1000), 0);
    time.nowMs = 500;
    agent.stop('load');
    await agent.drain();
    expect(records.length).toBe(500);
    expect(records.at(-1)).toMatchObject({ scheduledMs: 499, sentMs: 500, doneMs: 500 });
  });

  it('sends what was due before the rate changed at the old rate, and then goes on at the new one', async () => {
    const { time, agent, records } = stuckAgent(10_000);
    agent.set(load(100), 0);
    time.nowMs = 1000;
    agent.set(load(10), 1000);
    time.nowMs = 2000;
    agent.stop('load');
    await agent.drain();
    expect(records.length).toBe(110);
    expect(records.slice(99, 102).map(({ scheduledMs }) => scheduledMs)).toEqual([990, 1090, 1190]);
  });

  it('has as many due as the rates add up to, also where word of a change comes late', async () => {
    const clock = new VirtualClock();
    const { agent, records } = agentOn(clock, 2000);
    agent.set(load(100), 0);
    await clock.advance(1090);
    agent.set(load(1000), 1000);
    await clock.advance(1000);
    await agent.drain();
    expect(records.length).toBe(100 + 1000);
    expect(new Set(records.map(({ seq }) => seq)).size).toBe(records.length);
  });

  it('has nothing due from the end on, however late it is stopped', async () => {
    const { time, agent, records } = stuckAgent(300);
    agent.set(load(1000), 0);
    time.nowMs = 5000;
    agent.stop('load');
    await agent.drain();
    expect(records.length).toBe(300);
  });
});
