import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentJournal } from '../src/import/journal.ts';
import { Workshop } from './support.ts';

/** An experiment with everything that can be imported, against a service that counts the requests to it. */
const experiment = `
version: 1.0.0
title: Does \${service} drain?
description: It should be well before and after.
tags: [drain]
configuration:
  service: shop
  base: { type: env, key: BASE_URL }
  pause: 1
secrets:
  api: { token: { type: env, key: API_TOKEN } }
steady-state-hypothesis:
  title: The shop is well
  probes:
    - { type: probe, name: status, tolerance: 200, provider: { type: http, url: '\${base}/health', timeout: [1, 2] } }
    - { type: probe, name: list, tolerance: [200, 204, 404], provider: { type: http, url: '\${base}/health' } }
    - { type: probe, name: bool, tolerance: true, provider: { type: process, path: 'true', timeout: 5 } }
    - { type: probe, name: exit, tolerance: 1, provider: { type: process, path: 'false', timeout: 5 } }
    - type: probe
      name: regex
      tolerance: { type: regex, target: body, pattern: '(?i)^{"STATE": "ok"' }
      provider: { type: http, url: '\${base}/health', timeout: 3 }
    - type: probe
      name: jsonpath
      tolerance: { type: jsonpath, target: body, path: '$.nodes[*][?(@.up = true)].name', expect: [a, b] }
      provider: { type: http, url: '\${base}/health', timeout: 3 }
    - type: probe
      name: range
      tolerance: { type: range, target: stdout, range: [1, 3] }
      provider: { type: process, path: sh, arguments: -c 'echo 2', timeout: 5 }
    - type: probe
      name: probe
      tolerance: { type: probe, name: p, provider: { type: process, path: grep, arguments: { -q: state }, timeout: 5 } }
      provider: { type: http, url: '\${base}/health', timeout: 3 }
method:
  - type: action
    name: watch
    background: true
    provider: { type: process, path: sh, arguments: [-c, 'sleep 1; echo done > watched'], timeout: 5 }
  - type: action
    name: drain
    provider:
      type: http
      method: POST
      url: '\${base}/drain'
      headers: { Authorization: 'Bearer \${token}' }
      arguments: { service: '\${service}', hard: false }
      timeout: 3
    pauses: { before: '\${pause}', after: 0.5 }
  - ref: status
rollbacks:
  - type: action
    name: undrain
    provider: { type: http, method: DELETE, url: '\${base}/drain', timeout: 3 }
  - { type: action, name: tidy, provider: { type: process, path: rm, arguments: [watched], timeout: 5 } }
`;

describe('an experiment that is imported and run', () => {
  let shop: Workshop;
  let server: Server;
  let url = '';
  let isWell = true;
  let asked: string[] = [];
  beforeEach(async () => {
    shop = new Workshop();
    isWell = true;
    asked = [];
    server = createServer((request, response) => {
      void text(request).then((body) => {
        const { method = '', url = '', headers } = request;
        asked.push([method, url, headers.authorization, body].filter(Boolean).join(' '));
        const nodes = ['a', 'b', 'c'].map((name) => ({ name, up: name !== 'c' }));
        const state = JSON.stringify({ state: 'ok', nodes }).replace('":"', '": "');
        response.writeHead(isWell ? 200 : 503).end(isWell ? state : 'no');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
    shop.write('experiment.yaml', experiment);
    const { code, stderr } = await shop.orch(['import', 'experiment.yaml', '--out', 'scenario.yaml']);
    expect(code, stderr).toBe(0);
  });
  afterEach(() => {
    shop.close();
    server.closeAllConnections();
    server.close();
  });

  const token = 'tok-3n-of-the-test';
  const env = () => ({ BASE_URL: url, API_TOKEN: token });
  const run = () =>
    shop.orch(
      ['run', '--scenario', 'scenario.yaml', '--run-id', 'r', '--driver', 'process', '--journal', 'j.json'],
      env(),
    );
  const journal = () => JSON.parse(readFileSync(shop.path('j.json'), 'utf8')) as ExperimentJournal;

  it('passes our own validation', async () => {
    const { code, stdout } = await shop.orch(['validate', 'scenario.yaml'], env());
    expect(code, stdout).toBe(0);
  });

  it('does what the experiment says, and journals it', async () => {
    const { code, stderr } = await run();
    expect(code, stderr).toBe(0);
    expect(asked.filter((line) => !line.includes('/health'))).toEqual([
      `POST /drain Bearer ${token} service=shop&hard=False`,
      'DELETE /drain',
    ]);
    // Five probes before and five after, and the one that the method refers to.
    expect(asked.filter((line) => line === 'GET /health')).toHaveLength(11);
    // The background went on beside the rest, and the rollback came after it.
    expect(existsSync(shop.path('watched'))).toBe(false);
    const { status, deviated, run: done, rollbacks, steady_states: states } = journal();
    expect({ status, deviated }).toEqual({ status: 'completed', deviated: false });
    expect([...done, ...rollbacks].map((entry) => entry.status)).toEqual(Array(5).fill('succeeded'));
    expect(states).toMatchObject({ before: { steady_state_met: true }, after: { steady_state_met: true } });
    const written = readdirSync(shop.path('runs', 'r'), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => readFileSync(shop.path('runs', 'r', name), 'utf8'));
    expect(written.join('') + JSON.stringify(journal())).not.toContain(token);
  });

  it('is not begun where the steady state is not there to begin with', async () => {
    isWell = false;
    const { code } = await run();
    expect(code).not.toBe(0);
    expect(asked.join('\n')).not.toContain('POST');
    const { status, deviated, run: done, steady_states: states } = journal();
    expect({ status, deviated, done }).toEqual({ status: 'failed', deviated: false, done: [] });
    expect(states).toMatchObject({ before: { steady_state_met: false } });
  });
});
