import { beforeEach, describe, expect, it } from 'vitest';
import { ScenarioFiles } from '../testing/scenario-files.ts';
import { checkFragment } from './load.ts';

let files: ScenarioFiles;
beforeEach(async () => {
  files = await ScenarioFiles.make();
});

describe('a fragment', () => {
  const outage = [
    'description: A node is down for a while.',
    'parameters:',
    '  node: { required: true }',
    '  seconds: 3',
    'phases:',
    '  - { name: "${node} down", duration_sec: "${seconds}", actions: [{ type: kill_node, target: "${node}" }] }',
    '  - { name: up, duration_sec: 1, actions: [{ include: ../up.yaml, with: { who: "${node}" } }] }',
  ];
  const up = [
    'parameters: { who: { required: true } }',
    'actions: [{ type: restart_node, target: "${who}" }]',
  ];
  const including = (entries: readonly string[]) => ['name: s', 'variables: { n: a }', 'phases:', ...entries];

  it('puts in its phases and actions, with its parameters, and every part knows where it was written', async () => {
    await files.write('parts/outage.yaml', outage);
    await files.write('up.yaml', up);
    const { value, where, includes, text } = await files.load(
      including([
        '  - { name: calm, duration_sec: 1 }',
        '  - { include: parts/outage.yaml, with: { node: "${n}" } }',
        '  - { include: parts/outage.yaml, with: { node: b, seconds: 4 } }',
        '  - { name: end, duration_sec: 1, actions: [{ include: up.yaml, with: { who: c } }, { type: stop_load }] }',
        '  - { name: group, duration_sec: 1, actions: [{ type: sequence, actions: [{ include: up.yaml, with: { who: d } }] }] }',
      ]),
    );
    expect(value.phases.map(({ name, duration_sec: sec, actions }) => [name, sec, actions])).toMatchObject([
      ['calm', 1, []],
      ['a down', 3, [{ type: 'kill_node', target: 'a' }]],
      ['up', 1, [{ type: 'restart_node', target: 'a' }]],
      ['b down', 4, [{ type: 'kill_node', target: 'b' }]],
      ['up', 1, [{ type: 'restart_node', target: 'b' }]],
      ['end', 1, [{ type: 'restart_node', target: 'c' }, { type: 'stop_load' }]],
      ['group', 1, [{ type: 'sequence', actions: [{ type: 'restart_node', target: 'd' }] }]],
    ]);
    const places = [
      ['phases', 0],
      ['phases', 3, 'actions', 0],
      ['phases', 4, 'actions', 0, 'target'],
      ['phases', 5],
      ['phases', 5, 'actions', 1],
    ].map((path) => files.short(where(path)));
    expect(places).toEqual([
      's.yaml:4:5',
      'parts/outage.yaml:6:67',
      'up.yaml:2:41',
      's.yaml:7:5',
      's.yaml:7:85',
    ]);
    expect(text).toContain('include: parts/outage.yaml');
    expect(includes.map((file) => [file.path, file.text])).toEqual([
      [`${files.directory}/parts/outage.yaml`, outage.join('\n')],
      [`${files.directory}/up.yaml`, up.join('\n')],
    ]);
    expect(new Set(includes.map(({ sha256 }) => sha256)).size).toBe(2);
  });

  it('sees its parameters, and neither variables nor templates of the scenario', async () => {
    await files.write('f.yaml', [
      'parameters: { m: 1 }',
      'phases: [{ name: "${n} ${m}", duration_sec: 1 }, { use: t }]',
    ]);
    expect(
      await files.mistakesIn(including(['  - include: f.yaml', 'templates: { t: { phase: { name: t } } }'])),
    ).toEqual([
      'f.yaml:2:18: there is no variable `n`; did you mean `m`? Known: m',
      'f.yaml:2:57: a fragment has no templates; it can `include` another fragment',
    ]);
  });

  it('is nowhere included but among phases and actions, where misspelt keys have them, too', async () => {
    await files.write('up.yaml', up);
    const told = await files.mistakesIn([
      'name: s',
      'variables: { n: a }',
      'phase: [{ name: p, duration_sec: 1, action: [{ include: up.yaml, with: { who: 1 } }] }]',
      'other: [{ include: none.yaml, text: "${m}" }]',
    ]);
    expect(told.map((line) => line.replace(/\. Known: .*|; did you.*/, ''))).toEqual([
      's.yaml:3:1: unknown key `phase`',
      's.yaml:3:37: unknown key `action` in phases[0]',
      's.yaml:4:1: unknown key `other`',
      's.yaml:4:37: there is no variable `m`',
      expect.stringMatching(/^up\.yaml:2:41: `actions\[0\]\.target` is `1`, .* comes from s\.yaml:3:79$/),
    ]);
  });

  it('has its mistakes told in its own file, once, beside all others', async () => {
    await files.write('f.yaml', [
      'parametrs: { x: { default: 1 }, y: { required: true } }',
      'phases:',
      '  - { name: p, duraton_sec: 1, actions: [{ type: kil_node, target: "${y}" }] }',
      '  - { name: 3, duration_sec: "${x}" }',
    ]);
    await files.write('broken.yaml', ['phases: [']);
    await files.write('empty.yaml', ['parameters: {}']);
    await files.write('actions.yaml', ['actions: [{ type: stop_load }]']);
    const told = await files.mistakesIn(
      including([
        '  - { include: f.yaml, with: { x: soon, y: 1, z: 1 } }',
        '  - { include: f.yaml, with: { y: 1 } }',
        '  - { include: f.yaml, wih: { y: 1 } }',
        '  - { include: f.yaml }',
        '  - { includ: broken.yaml }',
        '  - { include: empty.yaml, name: x }',
        '  - { include: actions.yaml }',
        '  - { include: none.yaml }',
        '  - { include: "${n}.yaml", with: { a: { b: 1 } } }',
        '  - { name: last, duration_sec: 0 }',
      ]),
    );
    const rows = told.map((line) => line.replace(/\. Known: .*|; did you.*/, ''));
    expect(rows).toEqual([
      's.yaml:4:47: f.yaml has no parameter `z`',
      's.yaml:6:24: unknown key `wih`',
      's.yaml:7:5: f.yaml needs a value for its parameter `y`',
      's.yaml:8:7: unknown key `includ`',
      's.yaml:9:28: unknown key `name`',
      's.yaml:10:16: actions.yaml has actions, but here stand phases',
      's.yaml:11:16: there is no fragment none.yaml',
      's.yaml:12:16: there is no fragment a.yaml',
      's.yaml:12:40: `phases[8].with.a` is a mapping, but must be a number, text, a boolean or a list',
      's.yaml:13:33: `phases[9].duration_sec` is `0`, but must be more than 0',
      'f.yaml:1:1: unknown key `parametrs`',
      'f.yaml:3:16: unknown key `duraton_sec` in phases[0]',
      'f.yaml:3:50: unknown type `kil_node`',
      // Three includes give it a wrong value, and the scenario is where that is put right.
      ...['4:44', '5:35', '6:34'].map(
        (place) =>
          `f.yaml:3:68: \`phases[0].actions[0].target\` is \`1\`, but must be text, a list or a mapping; \`\${y}\` comes from s.yaml:${place}`,
      ),
      'f.yaml:4:13: `phases[1].name` is `3`, but must be text',
      'f.yaml:4:30: `phases[1].duration_sec` is `soon`, but must be a number; `${x}` comes from s.yaml:4:35',
      expect.stringMatching(/^broken\.yaml:1:10: /),
      'empty.yaml:1:1: `the file` is a mapping: must have either `phases` or `actions`',
    ]);
  });

  it('that is included in a circle, or ten files deep, is refused with the chain of files', async () => {
    await files.write('a.yaml', ['phases: [{ include: sub/b.yaml }]']);
    await files.write('sub/b.yaml', ['phases: [{ include: ../a.yaml }]']);
    expect(await files.mistakesIn(including(['  - include: a.yaml']))).toEqual([
      'sub/b.yaml:1:21: the files include each other: s.yaml → a.yaml → sub/b.yaml → a.yaml',
    ]);
    for (let depth = 1; depth < 12; depth += 1)
      await files.write(`d${depth}.yaml`, [
        `phases: [{ include: d${depth + 1}.yaml }, { name: x, duration_sec: 1 }]`,
      ]);
    expect(await files.mistakesIn(including(['  - include: d1.yaml']))).toEqual([
      'd10.yaml:1:21: fragments within fragments are more than 10 deep: s.yaml → d1.yaml → d2.yaml → d3.yaml → d4.yaml → d5.yaml → d6.yaml → d7.yaml → d8.yaml → d9.yaml → d10.yaml → d11.yaml',
    ]);
    await files.write('d10.yaml', ['phases: [{ name: deepest, duration_sec: 1 }]']);
    expect((await files.load(including(['  - include: d1.yaml']))).value.phases).toHaveLength(10);
    await files.write('d10.yaml', ['phases: [{ include: none.yaml }]']);
    expect(await files.mistakesIn(including(['  - include: d8.yaml']))).toEqual([
      'd10.yaml:1:21: there is no fragment none.yaml (s.yaml → d8.yaml → d9.yaml → d10.yaml → none.yaml)',
    ]);
  });

  const tooMany = expect.stringMatching(
    /^\S+: with all that is included or repeated, there are more than 100000 values$/,
  );

  it('cannot multiply without end by including fragments', async () => {
    const ten = (path: string) => Array.from({ length: 10 }, () => `  - { include: ${path} }`);
    for (let level = 1; level < 9; level += 1)
      await files.write(`l${level}.yaml`, ['phases:', ...ten(`l${level + 1}.yaml`)]);
    await files.write('l9.yaml', ['phases: [{ name: x, duration_sec: 1 }]']);
    expect(await files.mistakesIn(including(['  - include: l1.yaml']))).toEqual([tooMany]);
  });

  it('is not needed for that, and aliases cannot either', async () => {
    const long = Array.from({ length: 1000 }, () => '{ type: stop_load }').join(', ');
    const aliases = Array.from({ length: 60 }, () => '  - { name: p, duration_sec: 1, actions: *all }');
    const first = `  - { name: p, duration_sec: 1, actions: &all [${long}] }`;
    expect(await files.mistakesIn(including([first, ...aliases]))).toEqual([tooMany]);
  });

  it('is checked by itself as far as its parameters have values', async () => {
    await files.write('up.yaml', up);
    expect(await checkFragment(await files.write('parts/outage.yaml', outage))).toEqual([]);
    const wrong = [
      'parameters: { a: { required: true }, b: x, c: 1 }',
      'actions:',
      '  - { type: start_load, target: "${a}", rps: "${b}" }',
      '  - { type: stop_node, target: x, grace_sec: "${a}", grac: 1 }',
    ];
    expect(await files.mistakesOf(checkFragment(await files.write('wrong.yaml', wrong)))).toEqual([
      'wrong.yaml:3:46: `actions[0].rps` is `x`, but must be a number or a mapping; `${b}` comes from wrong.yaml:1:41',
      expect.stringContaining('wrong.yaml:4:54: unknown key `grac` in actions[1]'),
    ]);
    expect(
      await checkFragment(
        await files.write('c.yaml', ['parameters: { c: 1 }', 'actions: [{ type: stop_load }]']),
      ),
    ).toEqual([`${files.directory}/c.yaml:1:18: \`c\` is declared, and used nowhere`]);
  });
});
