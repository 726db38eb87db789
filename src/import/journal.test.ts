import { describe, expect, it } from 'vitest';
import type { RunEvent, Unstamped } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import { manifestOf } from '../testing/run-files.ts';
import { experimentJournal } from './journal.ts';

/** The journal of a run that began at Unix time 1000, whose events came so many seconds after that. */
function journalOf(
  events: readonly (readonly [sec: number, event: Unstamped])[],
  change: Partial<Manifest> = {},
) {
  const stamped = events.map(
    ([sec, event]): RunEvent => ({ ...event, run_ms: sec * 1000, wall_sec: 1000 + sec }),
  );
  return experimentJournal(JSON.parse(manifestOf(change)) as Manifest, stamped);
}

function check(name: string, moment: 'before' | 'during' | 'after', holds: boolean) {
  const evidence = holds ? 'status 200' : 'status 503';
  return { type: 'check', name, moment, holds, evidence, took_ms: 500 } as const;
}
function fault(id: string, state: string, more: object = {}) {
  return { type: 'fault', id, kind: 'kill', node: 'a', phase: 'failure', state, ...more } as Unstamped;
}
function request(id: string, state: 'started' | 'succeeded' | 'failed', isRollback = false) {
  const what = `POST http://h/${id}`;
  return {
    type: 'activity',
    id,
    kind: 'http_request',
    what,
    is_rollback: isRollback,
    state,
    detail: state,
  } as const;
}

describe('the journal of a run', () => {
  it('says where, when and how it ended', () => {
    const text = 'name: x\ndescription: It should last.\n';
    const scenario = { name: 'x', path: 'x.yaml', sha256: '0', text };
    expect(journalOf([], { scenario })).toEqual({
      'chaoslib-version': 'orch 0.1.0',
      platform: 'linux',
      node: 'host',
      experiment: { version: '1.0.0', title: 'x', description: 'It should last.', method: [], rollbacks: [] },
      start: '1970-01-01T00:16:40.000+00:00',
      status: 'completed',
      deviated: false,
      steady_states: { before: null, after: null, during: [] },
      run: [],
      rollbacks: [],
      end: '1970-01-01T00:16:50.000+00:00',
      duration: 10,
    });
  });

  it('has the steady state before, during and after', () => {
    const { steady_states: states, experiment } = journalOf([
      [0.5, check('api', 'before', true)],
      [1, check('cache', 'before', true)],
      [3, check('api', 'during', false)],
      [9, check('api', 'after', true)],
    ]);
    expect(states).toMatchObject({
      before: { steady_state_met: true, probes: [{ tolerance_met: true }, { tolerance_met: true }] },
      during: [{ steady_state_met: false, probes: [{ tolerance_met: false, output: 'status 503' }] }],
      after: { steady_state_met: true },
    });
    expect(states.before?.probes[0]).toEqual({
      activity: {
        type: 'probe',
        name: 'api',
        provider: { type: 'process', path: 'orch', arguments: ['check', 'api'] },
      },
      output: 'status 200',
      status: 'succeeded',
      start: '1970-01-01T00:16:40.000+00:00',
      end: '1970-01-01T00:16:40.500+00:00',
      duration: 0.5,
      tolerance_met: true,
    });
    expect(experiment).toMatchObject({
      'steady-state-hypothesis': { probes: [{ name: 'api' }, { name: 'cache' }] },
    });
  });

  it.each([
    ['complete', [], 'completed', false],
    ['complete', [check('a', 'after', false)], 'failed', true],
    ['complete', [check('a', 'during', false), check('a', 'after', true)], 'completed', false],
    ['failed', [check('a', 'before', false), check('a', 'after', false)], 'failed', false],
    ['failed', [check('a', 'before', true)], 'aborted', false],
    ['interrupted', [check('a', 'after', false)], 'interrupted', true],
    ['stopped', [], 'interrupted', false],
    ['running', [], 'aborted', false],
  ] as const)('of a run that is %s with %o: %s, deviated %s', (status, events, expected, deviated) => {
    const journal = journalOf(
      events.map((event) => [1, event]),
      { status, ended_at_sec: null },
    );
    expect(journal).toMatchObject({ status: expected, deviated });
  });

  it('has faults, load and requests in their order, and their undoing as rollbacks', () => {
    const { run, rollbacks, experiment } = journalOf([
      [0, { type: 'load_changed', phase: 'warmup', rps: 50, nodes: ['a', 'b'] }],
      [2, fault('f1', 'requested', { spec: { kind: 'kill' } })],
      [2.1, request('a1', 'started')],
      [2.4, request('a1', 'failed')],
      [2.5, fault('f1', 'effective', { detail: 'it is down' })],
      [5, fault('f1', 'undo_requested')],
      [5.5, fault('f1', 'undone')],
      [6, fault('f1', 'verified', { detail: 'it serves again' })],
      [7, request('a2', 'started', true)],
      [7.5, request('a2', 'succeeded', true)],
    ]);
    const told = (entries: typeof run) =>
      entries.map(({ activity, status, duration, output }) => [activity.name, status, duration, output]);
    expect(told(run)).toEqual([
      ['load 50 rps', 'succeeded', 0, null],
      ['kill a', 'succeeded', 0.5, 'it is down'],
      ['POST http://h/a1', 'failed', expect.closeTo(0.3, 3), 'failed'],
    ]);
    expect(told(rollbacks)).toEqual([
      ['undo kill a', 'succeeded', 1, 'it serves again'],
      ['POST http://h/a2', 'succeeded', 0.5, 'succeeded'],
    ]);
    expect(experiment).toMatchObject({ method: [{}, { name: 'kill a' }, {}], rollbacks: [{}, {}] });
  });

  it('has a fault with its parameters, and one that did not come off, or was not undone', () => {
    const spec = { kind: 'latency', latency_ms: 100 };
    const { run, rollbacks } = journalOf([
      [1, fault('f1', 'requested', { kind: 'latency', spec })],
      [2, fault('f1', 'ineffective')],
      [3, fault('f1', 'undo_requested')],
      [4, fault('f1', 'undo_failed')],
      [5, fault('f2', 'requested')],
    ]);
    expect(run.map(({ status, end }) => [status, end !== null])).toEqual([
      ['failed', true],
      ['failed', false],
    ]);
    expect(run[0]?.activity.provider.arguments).toEqual(['latency', 'a', 'latency_ms=100']);
    expect(rollbacks).toMatchObject([{ status: 'failed', duration: 1 }]);
  });
});
