import { describe, expect, it } from 'vitest';
import { configSchema } from '../model/config.ts';
import { OrchError } from '../model/errors.ts';
import { scenarioSchema } from '../model/scenario.ts';
import { validateYaml } from './validate.ts';

function mistakesIn(text: string, schema: typeof scenarioSchema | typeof configSchema): readonly string[] {
  try {
    validateYaml(text, 'f.yaml', schema);
  } catch (error) {
    if (error instanceof OrchError && error.code === 'yaml-invalid') return error.details;
    throw error;
  }
  return [];
}

describe('a scenario file', () => {
  it('in the short form is valid as it stands, and knows where its parts stand', () => {
    const text = [
      'name: node_failure_recovery',
      'description: Stop one HTTP node under load, then bring it back.',
      'phases:',
      '  - name: warmup',
      '    duration_sec: 30',
      '    actions:',
      '      - { type: start_load, target: all_nodes, rps: 50 }',
      '  - name: failure',
      '    duration_sec: 20',
      '    actions:',
      '      - { type: kill_node, target: service-node-2 }',
    ].join('\n');
    const { value, where } = validateYaml(text, 'f.yaml', scenarioSchema);
    expect(value.phases.map((phase) => phase.actions.map((action) => action.type))).toEqual([
      ['start_load'],
      ['kill_node'],
    ]);
    expect(where(['phases', 1, 'actions', 0, 'target'])).toBe('f.yaml:11:36');
  });

  it('with many mistakes has all of them listed at once, each with its place and what would be right', () => {
    const text = [
      'name: x',
      'mod: http',
      'phases:',
      '  - name: a',
      '    duraton_sec: 3',
      '    actions:',
      '      - { type: kil_node, target: x }',
      '      - { type: start_load, target: 1, rp: 3 }',
      '      - foo',
      '  - name: b',
      '    duration_sec: -3',
    ].join('\n');
    expect(mistakesIn(text, scenarioSchema)).toEqual([
      'f.yaml:2:1: unknown key `mod`; did you mean `mode`? Known: name, description, mode, phases',
      'f.yaml:4:5: `phases[0].duration_sec` is missing: a number',
      'f.yaml:5:5: unknown key `duraton_sec` in phases[0]; did you mean `duration_sec`? Known: name, duration_sec, actions',
      expect.stringContaining(
        'f.yaml:7:17: unknown type `kil_node`; did you mean `kill_node`? Known: start_load,',
      ),
      'f.yaml:8:9: `phases[0].actions[1].rps` is missing: a number',
      'f.yaml:8:37: `phases[0].actions[1].target` is `1`, but must be text',
      'f.yaml:8:40: unknown key `rp` in phases[0].actions[1]; did you mean `rps`? Known: type, target, rps',
      'f.yaml:9:9: `phases[0].actions[2]` is `foo`, but must be a mapping',
      'f.yaml:11:19: `phases[1].duration_sec` is `-3`, but must be more than 0',
    ]);
  });

  it.each([
    ['', ['f.yaml:1:1: `name` is missing: text', 'f.yaml:1:1: `phases` is missing: a list']],
    ['- 1', ['f.yaml:1:1: `the file` is a list, but must be a mapping']],
    ['name: a\nname: b', [expect.stringMatching(/^f\.yaml:2:1: .*unique/)]],
    ['a: [1\nb: 2', [expect.stringMatching(/^f\.yaml:2:1: /)]],
  ])('that reads %j is refused with its place', (text, expected) => {
    expect(mistakesIn(text, scenarioSchema)).toEqual(expected);
  });
});

describe('a config file', () => {
  it('with only the oldest keys is valid, and everything newer has a default', () => {
    const old = [
      'http_nodes: [http://127.0.0.1:9001]',
      'http_services: [api]',
      'anomaly_detection: { throughput_drop_threshold: 0.4 }',
      'llm:',
    ].join('\n');
    const { value } = validateYaml(old, 'f.yaml', configSchema);
    expect(value.anomaly_detection).toEqual({
      throughput_drop_threshold: 0.4,
      error_rate_threshold: 0.1,
      warmup_ignore_sec: 2,
    });
    expect(value.llm.enabled).toBe(true);
    expect(value.load).toEqual({ max_in_flight: 1000, timeout_sec: 5, spread: 'random' });
  });

  it('has its mistakes listed with places, those across keys too', () => {
    expect(mistakesIn('control: {drver: docker, driver: dcker}\nhttp_nodes: [foo]', configSchema)).toEqual([
      'f.yaml:1:11: unknown key `drver` in control; did you mean `driver`? Known: driver, docker, process',
      'f.yaml:1:34: `control.driver` is `dcker`; did you mean `docker`? Known: auto, docker, process',
      'f.yaml:2:14: `http_nodes[0]` is `foo`: must be a URL such as http://127.0.0.1:8001',
    ]);
    expect(mistakesIn('http_services: [a, b]', configSchema)).toEqual([
      expect.stringContaining('f.yaml:1:16: `http_services` is a list: 2 names for 3 http_nodes'),
    ]);
  });
});
