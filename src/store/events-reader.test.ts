import { expect, test } from 'vitest';
import { eventsOf, runOf } from '../testing/run-files.ts';
import { readEvents } from './events-reader.ts';

const phase = { type: 'phase_started', phase: 'warmup', duration_sec: 10 } as const;
const fault = {
  type: 'fault',
  id: 'f1',
  kind: 'kill',
  node: 'a',
  phase: 'failure',
  state: 'requested',
  undo: {
    driver: 'docker',
    incarnation: '1f2e',
    settle_ms: 5000,
    limit_ms: 60_000,
    how: 'start the container',
  },
} as const;

async function read(jsonl: string) {
  const run = await runOf({ 'events.jsonl': jsonl });
  return readEvents(run.events);
}

test('events come back as they were written, in order', async () => {
  const { events, problems } = await read(
    eventsOf(1000, [
      [0, phase],
      [1.5, fault],
    ]),
  );
  expect(events).toEqual([
    { ...phase, run_ms: 0, wall_sec: 1000 },
    { ...fault, run_ms: 1500, wall_sec: 1001.5 },
  ]);
  expect(problems).toEqual([]);
});

test('a half-written last line is told, and the events before it are kept', async () => {
  const { events, problems } = await read(
    eventsOf(1000, [
      [0, phase],
      [1, fault],
    ]).slice(0, -20),
  );
  expect(events).toHaveLength(1);
  expect(problems).toEqual(['events.jsonl line 2 is cut off']);
});

test('a line that is no event is told with what is wrong, and the others are kept', async () => {
  const broken = '{"type":"fault","run_ms":0,"wall_sec":1000,"id":"f1","kind":"melt"}\nnot json\n';
  const { events, problems } = await read(broken + eventsOf(1000, [[0, phase]]));
  expect(events).toHaveLength(1);
  expect(problems).toHaveLength(2);
  expect(problems[0]).toMatch(/^events\.jsonl line 1 is no event: .*kind/);
  expect(problems[1]).toMatch(/^events\.jsonl line 2 is no event: .*JSON/);
});

test('a run of another origin has no events, which is no problem', async () => {
  const run = await runOf({});
  expect(await readEvents(run.events)).toEqual({ events: [], problems: [], isThere: false });
});
