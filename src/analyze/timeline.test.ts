import { expect, test } from 'vitest';
import type { FaultState, RunEvent, Unstamped } from '../model/event.ts';
import { phaseFinder, timelineOf, wasBrokenAtEnd } from './timeline.ts';

function events(...timed: [sec: number, event: Unstamped][]): RunEvent[] {
  return timed.map(([sec, event]) => ({ ...event, run_ms: sec * 1000, wall_sec: 1000 + sec }));
}

function started(phase: string): Unstamped {
  return { type: 'phase_started', phase, duration_sec: 10 };
}

function load(rps: number): Unstamped {
  return { type: 'load_changed', phase: '', rps, nodes: ['a'] };
}

/** Load that ends by the scenario. */
function stopped(phase: string): Unstamped {
  return { type: 'load_changed', phase, rps: 0, nodes: [] };
}

function fault(state: FaultState): Unstamped {
  return { type: 'fault', id: 'f1', kind: 'kill', node: 'a', phase: 'failure', state };
}

test('times are seconds since the second of the first request, with fraction', () => {
  const life = events(
    [10.5, fault('requested')],
    [10.6, fault('effective')],
    [20, fault('undo_requested')],
    [20.25, fault('undone')],
    [20.75, fault('verified')],
  );
  expect(timelineOf(life, 1002, 1030).faults).toEqual([
    {
      id: 'f1',
      kind: 'kill',
      node: 'a',
      phase: 'failure',
      requested_sec: 8.5,
      effective_sec: 8.6,
      undo_requested_sec: 18,
      undone_sec: 18.25,
      verified_sec: 18.75,
      effect: 'kill',
      means: null,
      undo_failed: false,
    },
  ]);
});

test('a fault without effect has no effective time, and is named', () => {
  const { faults, ineffective } = timelineOf(
    events([1, fault('requested')], [6, fault('ineffective')]),
    1000,
    1010,
  );
  expect(faults[0]).toMatchObject({ requested_sec: 1, effective_sec: null });
  expect(ineffective).toEqual(['f1']);
});

test('an undo has failed unless a later try went well', () => {
  const failed = events([1, fault('requested')], [1, fault('effective')], [5, fault('undo_failed')]);
  expect(timelineOf(failed, 1000, 1010).faults[0]?.undo_failed).toBe(true);
  const retried = [...failed, ...events([7, fault('undone')], [8, fault('verified')])];
  expect(timelineOf(retried, 1000, 1010).faults[0]).toMatchObject({
    effect: 'kill',
    means: null,
    undo_failed: false,
    undone_sec: 7,
    verified_sec: 8,
  });
});

test('phases last from their start to their end; one that was not ended, to the next or to the last request', () => {
  const { phases } = timelineOf(
    events(
      [0, started('warmup')],
      [10, { type: 'phase_ended', phase: 'warmup' }],
      [10.1, started('failure')],
      [20, started('recovery')],
    ),
    1000,
    1025.5,
  );
  expect(phases).toEqual([
    { name: 'warmup', start_sec: 0, end_sec: 10 },
    { name: 'failure', start_sec: 10.1, end_sec: 20 },
    { name: 'recovery', start_sec: 20, end_sec: 25.5 },
  ]);
});

const ended = (reason: string): Unstamped => ({ type: 'run_ended', status: 'interrupted', reason });

test.each<[string, RunEvent[], number]>([
  [
    'was stopped: with its load, before the undo',
    events([4, started('failure')], [4, load(50)], [10, load(0)], [15, ended('SIGINT')]),
    10,
  ],
  [
    'was cut off: with its rows, whenever somebody cleaned up',
    events([4, started('failure')], [4, load(50)], [3600, ended('cut off')]),
    10,
  ],
  [
    'was cut off while no load was to run: as planned',
    events([0, load(50)], [10, stopped('rest')], [10, started('rest')], [3600, ended('cut off')]),
    20,
  ],
  [
    'was stopped while no load was to run: with the run',
    events([0, load(50)], [10, stopped('rest')], [10, started('rest')], [12, ended('SIGINT')]),
    12,
  ],
])('the last phase of a run that %s', (_, life, endSec) => {
  expect(timelineOf(life, 1000, 1009.98).phases.at(-1)?.end_sec).toBe(endSec);
});

test('the phase of a time is the one that it falls into', () => {
  const phaseAt = phaseFinder(
    events([0, started('a')], [10, { type: 'phase_ended', phase: 'a' }], [12, started('b')]),
  );
  expect([999, 1000, 1009.9, 1010, 1012, 5000].map((sec) => phaseAt?.(sec))).toEqual([
    '',
    'a',
    'a',
    '',
    'b',
    'b',
  ]);
  expect(phaseFinder(events([0, { type: 'load_changed', phase: '', rps: 1, nodes: [] }]))).toBeNull();
});

test('load runs from each change to the next, and not while it is stopped', () => {
  const { loads } = timelineOf(
    events([0, load(50)], [10, load(0)], [15, load(100)], [20, load(50)], [30, load(0)]),
    1000,
    1029.98,
  );
  expect(loads).toEqual([
    { start_sec: 0, end_sec: 10 },
    { start_sec: 15, end_sec: 20 },
    { start_sec: 20, end_sec: 30 },
  ]);
});

test('the last load ends with its rows, whenever the run was seen to end', () => {
  const ended: Unstamped = { type: 'run_ended', status: 'interrupted' };
  const expected = [{ start_sec: 0, end_sec: 10 }];
  expect(timelineOf(events([0, load(50)], [14, ended]), 1000, 1009.98).loads).toEqual(expected);
  expect(timelineOf(events([0, load(50)], [12, load(0)]), 1000, 1009.98).loads).toEqual(expected);
  expect(timelineOf(events([0, load(50)]), 1000, 1009.98).loads).toEqual(expected);
});

test('without events there is nothing to know', () => {
  expect(timelineOf([], 1000, 1010)).toEqual({
    phases: [],
    faults: [],
    ineffective: [],
    remarks: [],
    loads: null,
    isOpen: false,
    touched: new Map(),
  });
});

test.each([
  ['before load ends, by the scenario', 15, false],
  ['when load has ended, by the run itself', 20.5, true],
])('a fault that is undone %s', (_, undoneSec, expected) => {
  const run = events(
    [0, load(50)],
    [10, fault('requested')],
    [10.1, fault('effective')],
    [undoneSec, fault('undone')],
    [20, load(0)],
    [21, { type: 'run_ended', status: 'stopped' }],
  );
  expect(wasBrokenAtEnd(timelineOf(run, 1000, 1020))).toBe(expected);
});
