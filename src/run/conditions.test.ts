import { describe, expect, it } from 'vitest';
import { sleep } from '../clock/clock.ts';
import { MemoryRun, scenario } from '../testing/memory-run.ts';

const load = { type: 'start_load', target: 'all_nodes', rps: 10 };
const kill = (target: string, more: object = {}) => ({ type: 'kill_node', target, ...more });

function during(actions: readonly unknown[], more: object = {}) {
  return scenario([{ name: 'only', duration_sec: 60, actions: [load, ...actions] }], more);
}

function told(run: MemoryRun): string[] {
  return run.events.flatMap((event) => {
    const sec = Math.round(event.run_ms / 1000);
    if (event.type === 'condition') return [`${sec} ${event.of} ${event.holds}: ${event.evidence}`];
    if (event.type === 'check') return [`${sec} ${event.moment} ${event.name} ${event.holds}`];
    if (event.type === 'activity') return [`${sec} ${event.id} ${event.what} ${event.state}`];
    if (event.type === 'fault' && event.state === 'requested') return [`${sec} ${event.kind} ${event.node}`];
    return [];
  });
}

describe('if', () => {
  it('is asked when the action’s time has come, and decides whether it is carried out', async () => {
    const run = new MemoryRun();
    const outcome = await run.execute(
      during([
        kill('a', { at_sec: 10, if: 'error_rate > 50%' }),
        kill('b', { at_sec: 20, duration_sec: 5, if: 'error_rate < 1% for 5s' }),
        kill('c', { at_sec: 22, if: { all: ['b is down', { not: 'a is down' }] } }),
      ]),
    );
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true });
    expect(told(run)).toEqual([
      '10 if false: error_rate is 0.0%',
      '20 if true: error_rate is 0.0%',
      '20 kill b',
      '22 if true: b does not answer; a answers',
      '22 kill c',
    ]);
  });

  it('of a group decides on all of it, and nothing is known of a metric without load', async () => {
    const run = new MemoryRun();
    const group = { type: 'sequence', if: 'throughput_rps > 1', at_sec: 5, actions: [kill('a'), kill('b')] };
    await run.execute(scenario([{ name: 'only', duration_sec: 10, actions: [group] }]));
    expect(told(run)).toEqual(['5 if false: nothing is known of throughput_rps: no load runs']);
  });
});

describe('wait_until', () => {
  const waiting = (more: object) => ({
    type: 'sequence',
    actions: [
      kill('a', { duration_sec: 4 }),
      { type: 'wait_until', condition: { http: 'http://127.0.0.1:9/ready' }, ...more },
      kill('b', { duration_sec: 1 }),
    ],
  });

  it('holds back what follows until it holds', async () => {
    const run = new MemoryRun();
    run.look = () => ({ holds: run.clock.now() > 15_000, evidence: 'status 503' });
    await run.execute(during([waiting({})]));
    expect(told(run)).toEqual(['0 kill a', '15 wait_until true: status 503', '15 kill b']);
  });

  it('may want a metric to hold for hours', async () => {
    const run = new MemoryRun();
    const calm = { type: 'wait_until', condition: 'error_rate < 1% for 61m', timeout_sec: 4000 };
    const actions = [{ type: 'sequence', actions: [calm, kill('a')] }];
    await run.execute(
      scenario([{ name: 'only', duration_sec: 4200, actions: [{ ...load, rps: 1 }, ...actions] }]),
    );
    expect(told(run)).toEqual(['3660 wait_until true: error_rate is 0.0%', '3660 kill a']);
  });

  it('ends the run where it does not come in time, with faults undone, or lets it go on', async () => {
    const run = new MemoryRun();
    run.look = () => ({ holds: false, evidence: 'status 503' });
    const failed = await run.execute(during([waiting({ timeout_sec: 10 }), kill('c')]));
    expect(failed).toMatchObject({ status: 'failed', undoFailures: [], error: { code: 'wait-timed-out' } });
    expect(failed.reason).toContain('did not come within 10 s: status 503');
    expect(run.driver.calls).toEqual(['kill c', 'kill a', 'start a', 'start c']);
    const patient = new MemoryRun();
    patient.look = run.look;
    const outcome = await patient.execute(during([waiting({ timeout_sec: 10, on_timeout: 'go_on' })]));
    expect(outcome).toMatchObject({ status: 'complete', conclusive: true });
    expect(told(patient)).toEqual(['0 kill a', '14 wait_until false: status 503', '14 kill b']);
  });
});

describe('the steady state', () => {
  const check = (name: string, more: object = {}) => ({ name, http: 'http://127.0.0.1:9/health', ...more });

  it('that is not there to begin with keeps everything from being disturbed', async () => {
    const run = new MemoryRun();
    run.look = () => ({ holds: false, evidence: 'status 503, not 2xx' });
    const outcome = await run.execute(
      during([kill('a', { at_sec: 5 })], {
        steady_state: [check('api answers'), { name: 'quick', metric: 'p95_latency_ms < 100' }],
      }),
    );
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'not-steady', details: ['api answers: status 503, not 2xx'] },
    });
    expect(run.driver.calls).toEqual([]);
    expect(told(run).slice(0, 2)).toEqual(['5 before api answers false', '5 before quick true']);
  });

  it('is looked at once before the first fault, during the run where it changes, and when all is undone', async () => {
    const run = new MemoryRun();
    run.look = () => ({ holds: run.driver.stateOf('a') === 'running', evidence: '' });
    const steady = [check('api answers', { when: ['before', 'during', 'after'] })];
    const outcome = await run.execute(
      during([kill('a', { at_sec: 5, duration_sec: 10 }), kill('b', { at_sec: 30 })], {
        steady_state: steady,
      }),
    );
    expect(outcome).toMatchObject({ status: 'complete', lostSteadyState: [] });
    expect(told(run)).toEqual([
      '0 during api answers true',
      '5 before api answers true',
      '5 kill a',
      '6 during api answers false',
      '16 during api answers true',
      '30 kill b',
      '60 after api answers true',
    ]);
  });

  it('of a metric is judged during the run once its time has passed under load, and not while none runs', async () => {
    const run = new MemoryRun();
    const calm = { name: 'calm', metric: 'error_rate < 1% for 3s', when: ['during'] };
    const outcome = await run.execute(
      scenario(
        [
          { name: 'quiet', duration_sec: 5 },
          { name: 'loaded', duration_sec: 10, actions: [load] },
          { name: 'quiet again', duration_sec: 5, actions: [{ type: 'stop_load' }] },
          { name: 'bad', duration_sec: 10, actions: [load, kill('a', { at_sec: 5 })] },
        ],
        { steady_state: [calm] },
      ),
    );
    expect(outcome).toMatchObject({ status: 'complete', lostSteadyState: [] });
    expect(told(run)).toEqual(['8 during calm true', '25 kill a', '26 during calm false']);
  });

  it('of which nothing comes to be known is said to be never judged', async () => {
    const run = new MemoryRun();
    const calm = { name: 'calm', metric: 'error_rate < 1%', when: ['during'] };
    await run.execute(
      scenario([{ name: 'quiet', duration_sec: 5, actions: [kill('a')] }], { steady_state: [calm] }),
    );
    expect(told(run)).toEqual(['0 kill a']);
    expect(run.events).toContainEqual(
      expect.objectContaining({ type: 'note', message: expect.stringMatching(/^calm: never judged/) }),
    );
  });

  it('is not waited for by one who interrupts the run', async () => {
    const run = new MemoryRun();
    run.look = async (_look, signal) => {
      void sleep(run.clock, 1000).then(() => run.stop.abort('SIGINT'));
      await sleep(run.clock, 600_000, signal);
      return { holds: false, evidence: 'not seen to its end' };
    };
    const outcome = await run.execute(during([kill('a')], { steady_state: [check('api answers')] }));
    expect(outcome).toMatchObject({ status: 'interrupted', lostSteadyState: [] });
    expect(run.clock.now()).toBeLessThan(10_000);
    expect(told(run)).toEqual([]);
  });

  it('that is interrupted when all is undone leaves the run interrupted: its last look was part of it', async () => {
    const run = new MemoryRun();
    run.look = async (_look, signal) => {
      if (run.clock.now() < 30_000) return { holds: true, evidence: '' };
      void sleep(run.clock, 1000).then(() => run.stop.abort('SIGINT'));
      await sleep(run.clock, 600_000, signal);
      return { holds: false, evidence: 'not seen to its end' };
    };
    const outcome = await run.execute(during([kill('a')], { steady_state: [check('api answers')] }));
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'SIGINT', lostSteadyState: [] });
    expect(run.events.at(-1)).toMatchObject({ type: 'run_ended', status: 'interrupted' });
    expect(told(run)).toEqual(['0 before api answers true', '0 kill a']);
  });

  it('that is not there any more when all is undone is told', async () => {
    const run = new MemoryRun();
    run.look = () => ({ holds: !run.driver.calls.includes('kill a'), evidence: 'gone' });
    const outcome = await run.execute(during([kill('a')], { steady_state: [check('api answers')] }));
    expect(outcome).toMatchObject({ status: 'complete', lostSteadyState: ['api answers'] });
  });
});

describe('what is asked of servers and of this machine', () => {
  it('waits its turn, is journaled, and what is not answered as expected leaves nothing concluded', async () => {
    const run = new MemoryRun();
    run.look = ({ probe }) => ({
      holds: probe.kind === 'http',
      evidence: probe.kind === 'http' ? 'status 200' : 'exit 1',
    });
    const outcome = await run.execute(
      during(
        [
          {
            type: 'sequence',
            actions: [
              kill('a', { duration_sec: 3 }),
              { type: 'http_request', url: 'http://127.0.0.1:9/drain?token=x', method: 'POST' },
              { type: 'run_command', run: ['make', 'reset'] },
            ],
          },
        ],
        { rollbacks: [{ type: 'run_command', run: ['make', 'clean'] }] },
      ),
    );
    expect(outcome).toMatchObject({ status: 'complete', conclusive: false });
    expect(told(run).filter((line) => !line.includes('started'))).toEqual([
      '0 kill a',
      '3 a2 POST http://127.0.0.1:9/drain succeeded',
      '3 a3 run make reset failed',
      '60 r1 run make clean failed',
    ]);
  });
});
