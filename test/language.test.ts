import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workshop } from './support.ts';

let shop: Workshop;
let server: Server;
/** What the server was asked, in order. */
let asked: string[];
/** Whether it says that it is well. */
let isWell: () => boolean;
let base: string;

beforeEach(async () => {
  shop = new Workshop();
  asked = [];
  isWell = () => true;
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(isWell() ? 200 : 503).end('{"state":"ready"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  shop.close();
});

const run = (...more: string[]) =>
  shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'r', '--driver', 'process', ...more]);

/** The run's life in words: faults, conditions, checks and activities. */
function life(): string[] {
  return shop.events('r').flatMap((event) => {
    if (event.type === 'fault' && ['requested', 'verified'].includes(event.state))
      return [`${event.kind} ${event.node} ${event.state}`];
    if (event.type === 'condition') return [`${event.of} ${event.holds}`];
    if (event.type === 'check') return [`${event.moment} ${event.name} ${event.holds}`];
    return event.type === 'activity' && event.state !== 'started' ? [`${event.what} ${event.state}`] : [];
  });
}

describe('a scenario that waits, asks and checks', () => {
  const text = () => `
name: waits
steady_state:
  - { name: the side answers, http: "${base}/health", expect: { jsonpath: $.state, equals: ready } }
  - { name: hardly an error, metric: error_rate < 5%, when: [before] }
rollbacks:
  - { type: run_command, name: tidying up, run: [touch, rolled-back] }
phases:
  - name: warmup
    duration_sec: 3
    actions: [{ type: start_load, target: all_nodes, rps: 30 }]
  - name: failure
    duration_sec: 5
    actions:
      - type: sequence
        actions:
          - type: parallel
            actions:
              - { type: kill_node, target: service-node-1, duration_sec: 1 }
              - { type: pause_node, target: service-node-2, duration_sec: 1 }
          - { type: wait_until, condition: service-node-1 is healthy, timeout_sec: 10 }
          - { type: http_request, name: telling the side, method: POST, url: "${base}/done?token=secret" }
          - { type: stop_node, target: service-node-3, if: service-node-2 is down, duration_sec: 1 }
          - { type: run_command, run: [sh, -c, 'echo "$WORD" > said'], env: { WORD: hello } }
`;

  it('does each when its turn has come, and leaves a journal of it', { timeout: 60_000 }, async () => {
    shop.write('s.yaml', text());
    const { code, stderr } = await run();
    expect(code, stderr).toBe(0);
    expect(life()).toEqual([
      'before the side answers true',
      'before hardly an error true',
      'kill service-node-1 requested',
      'pause service-node-2 requested',
      expect.stringMatching(/verified$/),
      expect.stringMatching(/verified$/),
      'wait_until true',
      'telling the side succeeded',
      'if false',
      expect.stringMatching(/^run sh -c .* succeeded$/),
      'after the side answers true',
      'tidying up succeeded',
    ]);
    expect(asked).toEqual(['GET /health', 'POST /done?token=secret', 'GET /health']);
    expect(readFileSync(shop.path('said'), 'utf8')).toBe('hello\n');
    expect(existsSync(shop.path('rolled-back'))).toBe(true);
    expect(JSON.stringify(shop.events('r'))).not.toContain('secret');
    expect(shop.manifest('r')).toMatchObject({ status: 'complete', conclusive: true, lost_steady_state: [] });
  });

  it('disturbs nothing where the system is not well to begin with: exit code 2, and rolled back all the same', async () => {
    isWell = () => false;
    shop.write('s.yaml', text());
    const { code, stderr } = await run();
    expect(code, stderr).toBe(2);
    expect(stderr).toContain('[not-steady]');
    expect(stderr).toContain('the side answers: status 503, not 2xx');
    expect(life().filter((line) => line.includes('requested'))).toEqual([]);
    expect(existsSync(shop.path('rolled-back'))).toBe(true);
  });

  it('that leaves the system unwell is told so: exit code 99', async () => {
    isWell = () => !asked.includes('POST /done?token=secret');
    shop.write('s.yaml', text());
    const { code, stderr } = await run();
    expect(code, stderr).toBe(99);
    expect(stderr).toContain('[steady-state-lost]');
    expect(shop.manifest('r').lost_steady_state).toEqual(['the side answers']);
  });

  it('ends early where what it waits for does not come: exit code 2, with faults undone', async () => {
    const waiting = text().replace(
      'condition: service-node-1 is healthy, timeout_sec: 10',
      'condition: service-node-1 is down, timeout_sec: 1',
    );
    shop.write('s.yaml', waiting);
    const { code, stderr } = await run();
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(
      /s\.yaml:\d+:\d+: what was waited for did not come within 1 s: .*\[wait-timed-out\]/,
    );
    expect(shop.manifest('r')).toMatchObject({ status: 'failed', still_broken: [] });
    expect(asked).not.toContain('POST /done?token=secret');
  });

  it('is shown by plan with the times that are sure, and those that are not', async () => {
    shop.write('s.yaml', text());
    const { code, stdout, stderr } = await shop.orch(['plan', 's.yaml', '--driver', 'process']);
    expect(code, stderr).toBe(0);
    const lines = stdout.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '));
    expect(lines).toEqual(
      expect.arrayContaining([
        '3.0s | failure | sequence',
        '~3.0s | parallel',
        '~3.0s | kill | service-node-1 | by starting it, at ~4.0s',
        '~4.0s | wait until service-node-1 is healthy, 10 s at most',
        expect.stringMatching(/^~4\.0s \| telling the side: POST http:\S+\/done\?token=\*\*\*/),
        '~4.0s | stop, if service-node-2 is down | service-node-3 | by starting it, at ~5.0s',
        expect.stringMatching(/^~5\.0s \| run sh -c echo "\$WORD" > said$/),
        expect.stringMatching(/^~ at the earliest/),
        'hardly an error | error_rate < 5% | before',
        'tidying up: run touch rolled-back',
      ]),
    );
    expect(asked).toEqual([]);
  });

  it('has its mistakes told where they stand, however deep', async () => {
    shop.write(
      's.yaml',
      text()
        .replace('timeout_sec: 10', 'timeot_sec: 10')
        .replace('error_rate < 5%', 'eror_rate < 5%')
        .replace('service-node-2 is down', 'service-node-2 is dead'),
    );
    const { code, stdout } = await shop.orch(['validate', 's.yaml']);
    expect(code).toBe(104);
    expect(stdout).toMatch(/s\.yaml:5:\d+: .*eror_rate/);
    expect(stdout).toMatch(/s\.yaml:21:\d+: unknown key `timeot_sec`.*did you mean `timeout_sec`/);
    expect(stdout).toMatch(/s\.yaml:23:\d+: .*dead/);
  });
});
