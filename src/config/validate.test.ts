import { describe, expect, it } from 'vitest';
import { configSchema } from '../model/config.ts';
import { scenarioSchema } from '../model/scenario.ts';
import { mistakesIn, mistakesOf } from '../testing/mistakes.ts';
import { unknownTargets } from './targets.ts';
import { validateYaml } from './validate.ts';

/** Seven lines that expand to nine to the seventh values. */
const bomb = Array.from(
  { length: 7 },
  (_, level) =>
    `a${level}: &a${level} [${Array(9)
      .fill(level === 0 ? 'x' : `*a${level - 1}`)
      .join(', ')}]`,
).join('\n');

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
      'f.yaml:2:1: unknown key `mod`; did you mean `mode`? Known: name, description, mode, variables, templates, blast_radius, stop_when, steady_state, checks, gates, phases, rollbacks',
      'f.yaml:5:5: unknown key `duraton_sec` in phases[0]; did you mean `duration_sec`? Known: name, duration_sec, until, actions',
      expect.stringContaining(
        'f.yaml:7:17: unknown type `kil_node`; did you mean `kill_node`? Known: start_load,',
      ),
      'f.yaml:8:37: `phases[0].actions[1].target` is `1`, but must be text, a list or a mapping',
      'f.yaml:8:40: unknown key `rp` in phases[0].actions[1]; did you mean `rps`? Known: type, target, name, workload, rps, arrivals, vus, think_sec, at_sec, if, duration_sec',
      'f.yaml:9:9: `phases[0].actions[2]` is `foo`, but must be a mapping',
      'f.yaml:11:19: `phases[1].duration_sec` is `-3`, but must be more than 0',
    ]);
  });

  it('is checked below misspelt keys and words too, and each slip is told once', () => {
    const text = [
      'nam: x',
      'phase:',
      '  - nam: a',
      '    seconds: 3',
      '    action:',
      '      - { typ: kil_node, targt: 1, grace: 2 }',
      '      - { type: stop_node, target: x, grace_sec: soon, grac_sec: 2 }',
    ].join('\n');
    expect(mistakesIn(text, scenarioSchema)).toEqual([
      expect.stringContaining('f.yaml:1:1: unknown key `nam`; did you mean `name`?'),
      expect.stringContaining('f.yaml:2:1: unknown key `phase`; did you mean `phases`?'),
      expect.stringContaining('f.yaml:3:5: unknown key `nam` in phases[0]; did you mean `name`?'),
      'f.yaml:3:5: `phases[0].duration_sec` is missing: a number',
      expect.stringContaining('f.yaml:4:5: unknown key `seconds` in phases[0]. Known: name'),
      expect.stringContaining('f.yaml:5:5: unknown key `action` in phases[0]; did you mean `actions`?'),
      expect.stringContaining('f.yaml:6:11: unknown key `typ` in phases[0].actions[0]; did you mean `type`?'),
      expect.stringContaining('f.yaml:6:16: unknown type `kil_node`; did you mean `kill_node`?'),
      expect.stringContaining('f.yaml:6:26: unknown key `targt` in phases[0].actions[0]; did you mean'),
      'f.yaml:6:33: `phases[0].actions[0].target` is `1`, but must be text, a list or a mapping',
      expect.stringContaining('f.yaml:6:36: unknown key `grace` in phases[0].actions[0]. Known: type'),
      'f.yaml:7:50: `phases[0].actions[1].grace_sec` is `soon`, but must be a number',
      expect.stringContaining('f.yaml:7:56: unknown key `grac_sec` in phases[0].actions[1]; did you mean'),
    ]);
  });

  it('has what is wrong inside of a target told, with its own place', () => {
    const target = (text: string) =>
      mistakesIn(
        `name: x\nphases:\n  - { name: a, duration_sec: 1, actions: [{ type: kill_node, target: ${text} }] }`,
        scenarioSchema,
      ).map((mistake) => mistake.replaceAll('phases[0].actions[0].', ''));
    expect(target('{ random: 1, percent: 50 }')).toEqual([
      'f.yaml:3:92: `target.percent` is `50`: `random` and `percent` exclude each other, give one of them',
    ]);
    expect(target('{ all: true, kind: redis, label: { zone: a } }')).toEqual([
      'f.yaml:3:89: `target.kind` is `redis`: `all` and `kind` exclude each other, `all` is every node',
      'f.yaml:3:103: `target.label` is a mapping: `all` and `label` exclude each other, `all` is every node',
    ]);
    expect(target('{ role: master, kind: http }')).toEqual([
      'f.yaml:3:92: `target.kind` is `http`: `role` and `kind: http` exclude each other, only Redis nodes have a role',
    ]);
    expect(target('{ servce: a, random: 0 }')).toEqual([
      expect.stringMatching(
        /^f\.yaml:3:72: unknown key `servce` in target; did you mean `service`\? Known: service, label, .*rolling$/,
      ),
      'f.yaml:3:91: `target.random` is `0`, but must be at least 1',
    ]);
    expect(target('{ service: 5, label: { zone: 1 } }')).toEqual([
      'f.yaml:3:81: `target.service` is `5`, but must be text or a list',
      'f.yaml:3:99: `target.label.zone` is `1`, but must be text',
    ]);
    expect(target('{ role: primary, on_no_match: ignore }')).toEqual([
      'f.yaml:3:78: `target.role` is `primary`. Known: master, replica',
      'f.yaml:3:100: `target.on_no_match` is `ignore`. Known: error, skip',
    ]);
    expect(target('{}')).toEqual(['f.yaml:3:70: `target` is a mapping: must have a key, or be `all_nodes`']);
    expect(target('{ label: {} }')).toEqual(['f.yaml:3:79: `target.label` is a mapping: must name a label']);
    expect(target('[]')).toEqual([
      'f.yaml:3:70: `target` is an empty list, but must be a list of at least 1',
    ]);
    expect(target('[a, 1]')).toEqual(['f.yaml:3:74: `target[1]` is `1`, but must be text']);
  });

  it('has no rolling target where it only changes load', () => {
    const text =
      'name: x\nphases: [{ name: a, duration_sec: 1, actions: [{ type: start_load, rps: 1, target: { rolling: true } }] }]';
    expect(mistakesIn(text, scenarioSchema)).toEqual([
      expect.stringContaining('unknown key `rolling` in phases[0].actions[0].target. Known: service, label'),
    ]);
  });

  it('has its unknown targets told beside its other mistakes', () => {
    const text = [
      'name: x',
      'phase:',
      '  - { name: a, duration_sec: 1, actions: [{ type: kil_node, target: api-9 }] }',
      '  - { name: b, duration_sec: 0, actions: [{ type: kill_node, target: api-1 }, { target: all_nods }] }',
    ].join('\n');
    const nodes = [{ name: 'api-1', kind: 'http', url: 'http://127.0.0.1:1', managed: true }] as const;
    const told = mistakesOf(() =>
      validateYaml(text, 'f.yaml', scenarioSchema, (value) => unknownTargets(value, nodes)),
    );
    expect(told).toEqual([
      expect.stringContaining('f.yaml:2:1: unknown key `phase`'),
      expect.stringContaining('f.yaml:3:51: unknown type `kil_node`'),
      'f.yaml:3:69: there is no node `api-9`; did you mean `api-1`? Known: all_nodes, api-1',
      'f.yaml:4:30: `phases[1].duration_sec` is `0`, but must be more than 0',
      expect.stringContaining('f.yaml:4:79: `phases[1].actions[1].type` is missing: one of start_load'),
      'f.yaml:4:89: there is no node `all_nods`; did you mean `all_nodes`? Known: all_nodes, api-1',
    ]);
  });

  it.each([
    ['', ['f.yaml:1:1: `name` is missing: text', 'f.yaml:1:1: `phases` is missing: a list']],
    ['- 1', ['f.yaml:1:1: `the file` is a list, but must be a mapping']],
    ['name: a\nname: b', [expect.stringMatching(/^f\.yaml:2:1: .*unique/)]],
    ['a: [1\nb: 2', [expect.stringMatching(/^f\.yaml:2:1: /)]],
    [
      'name: *nope\nphases: *none',
      [
        'f.yaml:1:7: there is no anchor `&nope` before this alias of it',
        'f.yaml:2:9: there is no anchor `&none` before this alias of it',
      ],
    ],
    ['phases: &all [*all]', ['f.yaml:1:15: the alias `*all` stands inside of what it stands for']],
    [bomb, ['f.yaml:7:50: the aliases of this file expand to more than 10000 values']],
    ['a: &one 1\nb: { <<: *one }', ['f.yaml:2:10: `<<` takes a mapping, or a list of mappings']],
    ['? [a, b]\n: 1', ['f.yaml:1:3: a key must be text, not a list']],
    ['a: &key { b: 1 }\n*key : 2', ['f.yaml:2:1: a key must be text, not a mapping']],
    [
      'name: a\n---\nname: b',
      [expect.stringMatching(/^f\.yaml:2:1: a second YAML document begins here, [^.(]*$/)],
    ],
    ['phases:', ['f.yaml:1:1: `name` is missing: text', 'f.yaml:1:8: `phases` is missing: a list']],
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
    expect(value.anomaly_detection).toMatchObject({
      throughput_drop_threshold: 0.4,
      error_rate_threshold: 0.1,
      warmup_ignore_sec: 2,
    });
    expect(value.llm.enabled).toBe(true);
    expect(value.load).toEqual({ max_in_flight: 1000, workers: 'auto', timeout_sec: 5, spread: 'random' });
  });

  it('has its mistakes listed with places, those across keys too', () => {
    expect(mistakesIn('control: {drver: docker, driver: dcker}\nhttp_nodes: [foo]', configSchema)).toEqual([
      'f.yaml:1:11: unknown key `drver` in control; did you mean `driver`? Known: driver, docker, network_faults, proxy, overtime_sec, process',
      'f.yaml:1:34: `control.driver` is `dcker`; did you mean `docker`? Known: auto, docker, process',
      'f.yaml:2:14: `http_nodes[0]` is `foo`: must be a URL such as http://127.0.0.1:8001',
    ]);
    expect(mistakesIn('htp_nodes: [foo]\nlod:', configSchema)).toEqual([
      expect.stringContaining('f.yaml:1:1: unknown key `htp_nodes`; did you mean `http_nodes`?'),
      'f.yaml:1:13: `http_nodes[0]` is `foo`: must be a URL such as http://127.0.0.1:8001',
      expect.stringContaining('f.yaml:2:1: unknown key `lod`; did you mean `load`?'),
    ]);
    expect(mistakesIn('http_services: [a, b]', configSchema)).toEqual([
      expect.stringContaining('f.yaml:1:16: `http_services` is a list: 2 names for 3 http_nodes'),
    ]);
  });

  it('has no password told with its mistakes', () => {
    const twice = 'redis_nodes: [redis://:pa55@h:1, redis://:pa55@h:1]';
    expect(mistakesIn(twice, configSchema)).toEqual([
      'f.yaml:1:34: `redis_nodes[1]` is `redis://:***@h:1`: stands twice in the list',
    ]);
  });

  it('may name one anchor many times', () => {
    const many = Array.from({ length: 500 }, () => '*op').join(', ');
    const text = `redis_workload: [&op { commands: [PING] }, ${many}]`;
    expect(validateYaml(text, 'f.yaml', configSchema).value.redis_workload).toHaveLength(501);
  });
});
