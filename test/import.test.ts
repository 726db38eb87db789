import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { parseYaml } from '../src/config/yaml.ts';
import { Workshop } from './support.ts';

const workshop = new Workshop();
afterAll(() => workshop.close());

const whole = `
title: Does the shop survive the loss of its cache?
description: It should answer all the same, slower.
steady-state-hypothesis:
  title: The shop answers
  probes:
    - type: probe
      name: shop-is-up
      tolerance: 200
      provider: { type: http, url: 'http://127.0.0.1:8001/health', timeout: 2 }
method:
  - type: action
    name: stop-the-cache
    provider: { type: process, path: docker, arguments: [stop, cache], timeout: 20 }
    pauses: { after: 5 }
rollbacks:
  - type: action
    name: start-the-cache
    provider: { type: process, path: docker, arguments: [start, cache], timeout: 20 }
`;
const python = `${whole}
  - type: action
    name: tell-somebody
    provider: { type: python, module: chat.actions, func: say }
`;

describe('orch import', () => {
  it('prints the scenario of an experiment', async () => {
    workshop.write('whole.yaml', whole);
    const { code, stdout, stderr } = await workshop.orch(['import', 'whole.yaml']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(parseYaml(stdout).value).toMatchObject({
      name: 'Does the shop survive the loss of its cache?',
      steady_state: [{ name: 'shop-is-up', when: ['before', 'after'] }],
      phases: [{ duration_sec: 25 }],
      rollbacks: [{ type: 'run_command', run: ['docker', 'start', 'cache'] }],
    });
  });

  it('writes it to a file', async () => {
    workshop.write('whole.json', JSON.stringify(parseYaml(whole).value));
    const { code, stdout } = await workshop.orch(['import', 'whole.json', '--out', 'scenario.yaml']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(readFileSync(workshop.path('scenario.yaml'), 'utf8')).toContain('docker, stop, cache');
  });

  it('writes nothing where something is not supported, unless it may leave it out', async () => {
    workshop.write('python.yaml', python);
    const refused = await workshop.orch(['import', 'python.yaml', '--out', 'partial.yaml']);
    expect(refused).toMatchObject({ code: 104, stdout: '' });
    expect(refused.stderr).toContain('[import-unsupported]');
    expect(refused.stderr).toContain('python.yaml:23:15: a provider of Python, `chat.actions.say`');
    expect(existsSync(workshop.path('partial.yaml'))).toBe(false);
    const partial = await workshop.orch(['import', 'python.yaml', '--out', 'partial.yaml', '--partial']);
    expect(partial.code).toBe(104);
    const text = readFileSync(workshop.path('partial.yaml'), 'utf8');
    expect(text).toContain('# NOT IMPORTED, python.yaml:23:15: ');
    expect(parseYaml(text).value).toHaveProperty('rollbacks.length', 1);
  });

  it('tells the mistakes of an experiment, and of a file that is none', async () => {
    workshop.write('wrong.yaml', whole.replace('tolerance: 200', 'tolerance: { type: regexp }'));
    const wrong = await workshop.orch(['import', 'wrong.yaml']);
    expect(wrong.code).toBe(104);
    expect(wrong.stderr).toMatch(/wrong\.yaml:9:\d+: .*tolerance/);
    const missing = await workshop.orch(['import', 'nobody.yaml']);
    expect(missing.code).toBe(104);
    expect(missing.stderr).toContain('there is no experiment nobody.yaml');
  });
});
