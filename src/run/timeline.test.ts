import { describe, expect, it } from 'vitest';
import { type FaultKind, faultKinds, faultSpec } from '../model/fault-spec.ts';
import type { NodeSpec } from '../model/node.ts';
import { scenario } from '../testing/memory-run.ts';
import { faultText } from './fault-text.ts';
import { makePlan } from './make-plan.ts';
import { timelineOf } from './timeline.ts';

const nodes: readonly NodeSpec[] = ['a', 'b'].map((name, index) => ({
  name,
  kind: 'http',
  url: `http://127.0.0.1:${index + 1}`,
  managed: true,
}));

function planned(actions: readonly unknown[]) {
  const made = scenario([{ name: 'only', duration_sec: 60, actions }]);
  return timelineOf(
    makePlan({ scenario: made, mode: 'http', nodes, seed: 1, blastRadius: {}, where: () => 'x.yaml' }),
  );
}

function lines(actions: readonly unknown[]): string[] {
  return planned(actions).map(({ atMs, mayBeLater, depth, does, condition, undo }) => {
    const undone = undo === null ? '' : ` until ${undo.mayBeLater ? '~' : ''}${undo.atMs / 1000}`;
    const only = condition === null ? '' : ` if ${condition}`;
    return `${mayBeLater ? '~' : ''}${atMs / 1000} ${'- '.repeat(depth)}${does}${only}${undone}`;
  });
}

const latency = (more: object = {}) => ({ type: 'latency', target: 'a', latency_ms: 5, ...more });

describe('the lines of a plan', () => {
  it('say of groups, waits and conditions what they are, and when all of it is undone', () => {
    expect(
      lines([
        {
          type: 'sequence',
          at_sec: 1,
          actions: [
            latency({ duration_sec: 2, if: { any: ['b is down', { not: 'error_rate < 1% for 3s' }] } }),
            { type: 'wait', duration_sec: 1.5 },
            { type: 'wait_until', condition: 'b is healthy', timeout_sec: 9, on_timeout: 'go_on' },
            {
              type: 'repeat',
              count: 2,
              every_sec: 3,
              if: { tcp: '127.0.0.1:9' },
              actions: [{ type: 'kill_node', target: 'a', duration_sec: 1 }],
            },
          ],
        },
        { type: 'pause_node', target: 'b', at_sec: 50 },
      ]),
    ).toEqual([
      '1 sequence',
      '~1 - latency 5 ms if b is down or not error_rate < 1% for 3s until ~3',
      '~3 - undo latency',
      '~3 - wait 1.5 s',
      '~4.5 - wait until b is healthy, 9 s at most, then go on',
      '~4.5 - repeat 2 times, every 3 s if tcp 127.0.0.1:9',
      '~4.5 - - kill until ~5.5',
      '~5.5 - - undo kill',
      '~7.5 - - kill until ~8.5',
      '~8.5 - - undo kill',
      '50 pause until 60',
    ]);
  });

  it('say of a rolling action that it goes node by node, each until its own undo', () => {
    expect(
      lines([{ type: 'stop_node', target: { service: ['a', 'b'], rolling: true }, duration_sec: 4 }]),
    ).toEqual([
      '0 stop_node, one node at a time',
      '~0 - stop until ~4',
      '~4 - undo stop',
      '~4 - stop until ~8',
      '~8 - undo stop',
    ]);
  });

  it('say what is asked beside its name, and no secret of it', () => {
    const asked = lines([
      {
        type: 'http_request',
        name: 'drain',
        url: 'http://127.0.0.1:9/drain?key=s3cret',
        method: 'POST',
        headers: { authorization: 's3cret' },
        body: 's3cret',
        expect: { status: 204, body: 's3cret', headers: { 'x-token': 's3cret' } },
      },
      { type: 'redis_command', url: 'redis://:s3cret@127.0.0.1:9', command: ['AUTH', 's3cret'] },
      { type: 'redis_command', node: 'a', command: ['SET', 'k', 1], expect: 'OK' },
      { type: 'run_command', name: 'reset', run: ['make', 'reset'], env: { TOKEN: 's3cret' } },
    ]);
    expect(asked).toEqual([
      "0 drain: POST http://127.0.0.1:9/drain?key=***, expects { status: 204, headers: '…', body: '…' }",
      '0 AUTH *** on redis://:***@127.0.0.1:9',
      '0 SET k 1 on a, expects OK',
      '0 reset: run make reset',
    ]);
  });
});

describe('the text of a fault', () => {
  const required: Partial<Record<FaultKind, object>> = {
    latency: { latency_ms: 100 },
    loss: { share: 0.1 },
    bandwidth: { rate_kbit: 64 },
    slow_close: { delay_ms: 500 },
    cpu_limit: { cpus: 0.5 },
    memory_limit: { limit_mb: 64 },
    disk_fill: { size_mb: 20 },
    dns_failure: { peers: ['cache'] },
  };
  const further: Partial<Record<FaultKind, readonly (readonly [object, string])[]>> = {
    kill: [[{ how: 'api' }, 'kill by api']],
    stop: [[{ grace_sec: 2 }, 'stop with a grace of 2 s']],
    restart: [[{ grace_sec: 0 }, 'restart with a grace of 0 s']],
    partition: [[{ from: ['cache'], direction: 'in' }, 'partition from cache (what comes in)']],
    latency: [[{ jitter_ms: 50 }, 'latency 100 ms ± 50 ms']],
    reset: [[{ share: 0.5, after_bytes: 9 }, 'reset to 50% of connections after 9 bytes']],
    black_hole: [[{ share: 0.25 }, 'black_hole to 25% of connections']],
    http_status: [
      [{ status: 429, share: 0.5, paths: ['/a', '/b'] }, 'http_status 429 to 50% of requests for /a, /b'],
    ],
    http_corrupt: [[{ paths: ['/a'] }, 'http_corrupt for /a']],
    http_abort: [[{ share: 0 }, 'http_abort to 0% of requests']],
    cpu_stress: [[{ workers: 3 }, 'cpu_stress with 3 workers']],
    disk_fill: [[{ directory: '/data' }, 'disk_fill 20 MB in /data']],
  };

  it.each(faultKinds)('%s says what it was told, and not what is as by default', (kind) => {
    const plain = faultText(faultSpec(kind, required[kind] ?? {}));
    const wanted: Partial<Record<FaultKind, string>> = {
      latency: 'latency 100 ms',
      loss: 'loss 10% of packets',
      bandwidth: 'bandwidth 64 kbit/s',
      slow_close: 'slow_close 500 ms',
      http_status: 'http_status 503',
      cpu_limit: 'cpu_limit to 0.5 cpus',
      memory_limit: 'memory_limit to 64 MB',
      disk_fill: 'disk_fill 20 MB',
      dns_failure: 'dns_failure for cache',
    };
    expect(plain).toBe(wanted[kind] ?? kind);
    for (const [told, text] of further[kind] ?? [])
      expect(faultText(faultSpec(kind, { ...required[kind], ...told }))).toBe(text);
  });
});
