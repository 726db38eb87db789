import { describe, expect, it } from 'vitest';
import { parseYaml } from '../config/yaml.ts';
import { OrchError } from '../model/errors.ts';
import { importExperiment } from './import-experiment.ts';
import { action, http, imported, probe, process, python, textOf } from '../testing/experiment-builder.ts';

describe('an experiment', () => {
  it('keeps title and description, and has what changes nothing as comments', () => {
    const { scenario, yaml } = imported({
      title: 'Does it last?',
      tags: ['web', 'cache'],
      contributions: { reliability: 'high' },
      'steady-state-hypothesis': { title: 'All is well', probes: [] },
    });
    expect(scenario).toMatchObject({ name: 'Does it last?', description: 'D', phases: [{ name: 'method' }] });
    expect(yaml).toContain('# tags: web, cache\n# contributions: reliability: high\n');
    expect(yaml).toContain('# Steady state: All is well\n');
    expect(yaml).toContain('type: start_load');
  });

  it('becomes YAML that says what the plain data says', () => {
    const { scenario, yaml } = imported({
      configuration: { base: 'http://127.0.0.1:1', words: ['a', 'b: c', '- ', '#'] },
      method: [
        action('say', process('echo', { arguments: ['${base}', 'a: b', '#', 'x\ny', '{', 'yes', ''] })),
      ],
    });
    expect(parseYaml(yaml).mistakes).toEqual([]);
    expect(parseYaml(yaml).value).toEqual(scenario);
  });

  it('says nothing in its comments but as comments', () => {
    const names = ['a\nphases: []', 'b\rphases: []', 'c\r\nphases: []', '# d'];
    const { scenario, yaml } = imported({
      method: names.map((name) => action(name, process('x'))),
      tags: names,
    });
    expect(parseYaml(yaml).mistakes).toEqual([]);
    expect(parseYaml(yaml).value).toEqual(scenario);
  });

  it('has every mistake told with its place', () => {
    const text = [
      'title: T',
      'descripton: D',
      'method:',
      '  - { type: action, name: a, provider: { type: proces, path: x } }',
      '  - { type: action, provider: { type: http } }',
    ].join('\n');
    expect(() => importExperiment(text, 'e.yaml')).toThrow(
      expect.objectContaining({
        code: 'yaml-invalid',
        details: [
          expect.stringMatching(/^e\.yaml:2:1: unknown key `descripton`; did you mean `description`/),
          expect.stringMatching(/^e\.yaml:4:48: unknown type `proces`; did you mean `process`/),
          expect.stringMatching(/^e\.yaml:5:5: .*name.* is missing/),
          expect.stringMatching(/^e\.yaml:5:31: .*url.* is missing/),
        ],
      }),
    );
    const dangling = () => imported({ method: [{ ref: 'nobody' }] });
    expect(dangling).toThrow(OrchError);
    expect(dangling).toThrow(
      expect.objectContaining({ details: [expect.stringContaining('no activity of that name')] }),
    );
  });
});

describe('what is not supported', () => {
  it('is named with its place, in the file’s order, and in the head of the scenario', () => {
    const control = [{ name: 'tracing', provider: { type: 'python', module: 'm' } }];
    const experiment = {
      controls: control,
      extensions: [{ name: 'vendor' }],
      runtime: { rollbacks: { strategy: 'never' } },
      dry: true,
      'steady-state-hypothesis': {
        title: 'well',
        controls: control,
        probes: [probe('p', python, { tolerance: true, pauses: { before: 1 } })],
      },
      method: [action('a', python, { controls: control, timeout: 3, pauses: { after: 4 } })],
    };
    const { unsupported, yaml, scenario } = imported(experiment);
    const lines = textOf(experiment).split('\n');
    const keys = unsupported.map(
      ({ where }) => /"([\w-]+)":/.exec(lines[Number(where.split(':')[1]) - 1] ?? '')?.[1],
    );
    const ofTheMethod = ['provider', 'controls', 'timeout'];
    const ofTheHypothesis = ['controls', 'provider', 'pauses'];
    expect(keys).toEqual([...ofTheMethod, 'controls', 'extensions', 'runtime', 'dry', ...ofTheHypothesis]);
    expect(yaml.match(/^# NOT IMPORTED, e\.json:\d+:\d+: /gm)).toHaveLength(unsupported.length);
    expect(scenario).toMatchObject({ phases: [{ actions: [{ type: 'wait', duration_sec: 4 }] }] });
    expect(scenario).not.toHaveProperty('steady_state');
  });

  it('is a comment where a check is left out, before the next one or after the last', () => {
    const hollow = { tolerance: { type: 'jsonpath', target: 'body', path: 'a.b' } };
    const { scenario, yaml } = imported({
      'steady-state-hypothesis': {
        title: 'well',
        probes: [
          probe('one', http('http://h/'), hollow),
          probe('two', http('http://h/'), { tolerance: 200 }),
          probe('three', http('http://h/'), hollow),
        ],
      },
    });
    expect(scenario['steady_state']).toMatchObject([{ name: 'two', expect: { status: 200 } }]);
    expect(yaml).toMatch(
      /# NOT IMPORTED, e\.json:\d+:\d+: the check `one`\n +# \(after this one\) NOT IMPORTED, \S+ the check `three`\n +- name: two/,
    );
  });
});
