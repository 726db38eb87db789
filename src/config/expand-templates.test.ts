import { beforeEach, describe, expect, it } from 'vitest';
import { ScenarioFiles } from '../testing/scenario-files.ts';

let files: ScenarioFiles;
beforeEach(async () => {
  files = await ScenarioFiles.make();
});

describe('a template', () => {
  const templates = [
    'name: s',
    'variables: { rps: 5, who: a }',
    'templates:',
    '  outage:',
    '    parameters: { node: { required: true }, sec: 3, rps: 7 }',
    '    phase:',
    '      name: ${node} down under ${rps}',
    '      duration_sec: ${sec}',
    '      actions: [{ type: kill_node, target: "${node}" }, { include: more.yaml, with: { who: "${who}" } }]',
    'phases:',
  ];

  it('becomes a phase, whose own keys win', async () => {
    await files.write('more.yaml', [
      'parameters: { who: x }',
      'actions: [{ type: restart_node, target: "${who}" }]',
    ]);
    const { value, where } = await files.load([
      ...templates,
      '  - { use: outage, with: { node: "${who}" } }',
      '  - { use: outage, with: { node: b, sec: 4, rps: 9 }, name: "other ${rps}", actions: [] }',
    ]);
    expect(value.phases).toMatchObject([
      {
        name: 'a down under 7',
        duration_sec: 3,
        actions: [
          { type: 'kill_node', target: 'a' },
          { type: 'restart_node', target: 'a' },
        ],
      },
      { name: 'other 5', duration_sec: 4, actions: [] },
    ]);
    const places = [
      ['phases', 0],
      ['phases', 0, 'actions', 0],
      ['phases', 0, 'actions', 1],
      ['phases', 1, 'actions'],
    ].map((path) => files.short(where(path)));
    expect(places).toEqual(['s.yaml:11:5', 's.yaml:9:17', 'more.yaml:2:11', 's.yaml:12:86']);
  });

  it('has its mistakes told where it stands, used or not, and those of its uses there', async () => {
    const told = await files.mistakesIn([
      'name: s',
      'templates:',
      '  good: { parameters: { sec: { required: true } }, phase: { name: x, duration_sec: "${sec}" } }',
      '  bad: { parameters: { p: 1 }, phase: { nam: x, duration_sec: "${q}", actions: [{ type: kil_node, target: a }] } }',
      '  none: 1',
      'phases:',
      '  - { use: good, with: { sec: long, sek: 1 } }',
      '  - { use: good, duraton_sec: 3 }',
      '  - { use: gud }',
      '  - { use: constructor }',
      '  - { use: none }',
      '  - { use: 3 }',
    ]);
    expect(told.map((line) => line.replace(/\. Known: .*|; did you.*/, ''))).toEqual([
      's.yaml:3:84: `templates.good.phase.duration_sec` is `long`, but must be a number; `${sec}` comes from s.yaml:7:31',
      's.yaml:4:41: unknown key `nam` in templates.bad.phase',
      's.yaml:4:63: there is no variable `q`',
      's.yaml:4:89: unknown type `kil_node`',
      's.yaml:5:9: `templates.none` is `1`, but must be a mapping',
      's.yaml:7:37: good has no parameter `sek`',
      's.yaml:8:5: good needs a value for its parameter `sec`',
      's.yaml:8:18: unknown key `duraton_sec` in phases[1]',
      's.yaml:9:12: there is no template `gud`',
      's.yaml:10:12: there is no template `constructor`',
      's.yaml:12:12: `phases[5].use` is `3`, but must be text',
    ]);
  });
});
