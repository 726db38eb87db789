import { beforeEach, describe, expect, it } from 'vitest';
import { ScenarioFiles } from '../testing/scenario-files.ts';

let files: ScenarioFiles;
beforeEach(async () => {
  files = await ScenarioFiles.make();
});

/** A scenario of one phase with these variables, and this in its only action. */
function oneLoad(variables: readonly string[], action: string): readonly string[] {
  return [
    'name: s',
    ...(variables.length === 0 ? [] : ['variables:', ...variables.map((line) => `  ${line}`)]),
    'phases:',
    `  - { name: p, duration_sec: 1, actions: [{ type: start_load, ${action} }] }`,
  ];
}

describe('a variable', () => {
  it('keeps its type where it stands alone, is text within text, and `$${` is a literal `${`', async () => {
    const { value, variables } = await files.load([
      'name: at ${rps}/s for ${why}, $${rps} and 5$',
      'description: "${on}: ${why}"',
      'variables:',
      '  rps: 40',
      '  why: { default: good, description: Why it is done. }',
      '  on: true',
      '  stops: [error_rate > 90% for 3s, "p95_latency_ms > ${rps} for 2s"]',
      'stop_when: ${stops}',
      'phases:',
      '  - { name: p, duration_sec: "${rps}", actions: [{ type: start_load, target: all_nodes, rps: "${rps}" }] }',
    ]);
    expect(value).toMatchObject({
      name: 'at 40/s for good, ${rps} and 5$',
      description: 'true: good',
      stop_when: ['error_rate > 90% for 3s', 'p95_latency_ms > 40 for 2s'],
      phases: [{ duration_sec: 40, actions: [{ rps: 40 }] }],
    });
    expect(variables.map(({ name, value: found }) => [name, found])).toEqual([
      ['rps', 40],
      ['why', 'good'],
      ['on', true],
      ['stops', ['error_rate > 90% for 3s', 'p95_latency_ms > 40 for 2s']],
    ]);
  });

  it('has the value of its default, else of the environment, else of the last --set', async () => {
    const lines = [
      'name: "${a} ${b} ${c} ${d} ${e}"',
      'variables: { a: 1, b: 1, c: { default: 1, from_env: SEA }, d: 1, e: 1 }',
      'phases: [{ name: p, duration_sec: 1 }]',
    ];
    const env = {
      ORCH_VAR_B: '2',
      ORCH_VAR_C: 'not asked for',
      SEA: '3',
      ORCH_VAR_D: '2',
      ORCH_VAR_E: '',
      ORCH_VAR_UNHEARD_OF: '1',
    };
    const { value, variables } = await files.load(lines, { env, set: ['d=4', 'd=5'] });
    expect(value.name).toBe('1 2 3 5 1');
    expect(variables.map(({ from }) => files.short(from))).toEqual([
      's.yaml:2:17',
      'the environment (ORCH_VAR_B)',
      'the environment (SEA)',
      '--set d=5',
      's.yaml:2:69',
    ]);
  });

  it.each([
    ['12.5', 12.5],
    ['true', true],
    ['"12"', '12'],
    ["'a b'", 'a b'],
    ['[1, b]', [1, 'b']],
    ['a=b', 'a=b'],
    ['a: b # c', 'a: b # c'],
    ['{a: 1}', '{a: 1}'],
    ['*a', '*a'],
    ['~', '~'],
    ['', ''],
  ])(
    'that is set to %j is what YAML makes of it, and text where that is no value of a variable',
    async (text, value) => {
      const lines = ['name: s', 'variables: { v: 1 }', 'phases: [{ name: p, duration_sec: 1 }]'];
      const { variables } = await files.load(lines, { set: [`v=${text}`] });
      expect(variables).toEqual([{ name: 'v', value, from: `--set v=${text}` }]);
    },
  );

  it('that is unknown, required or wrongly declared is told with its place, all at once', async () => {
    const told = await files.mistakesIn(
      [
        'name: ${nam} and ${a b} and ${',
        'variables:',
        '  name: 1',
        '  node: { required: true }',
        '  key: { from_env: KEY, required: true }',
        '  none: {}',
        '  empty:',
        '  odd: { defalt: 1 }',
        '  both: { default: 1, required: true }',
        '  a-b: 1',
        '  list: [1]',
        '  mapping: { a: 1 }',
        '  nested: [[1]]',
        'phases:',
        '  - { name: "${node} x${list}", duration_sec: "${later}", actions: [{ type: kill_node, target: "${key}" }] }',
      ],
      { set: ['nme=3'] },
    );
    expect(told).toEqual([
      expect.stringMatching(
        /^--set nme: there is no such variable; did you mean `name`\? Known: name, node, key/,
      ),
      expect.stringMatching(/^s\.yaml:1:7: there is no variable `nam`; did you mean `name`\? Known: name/),
      's.yaml:1:7: `${a b}` names no variable: a name is made of letters, digits and `_`; a literal `${` is written `$${`',
      's.yaml:1:7: `${` is not closed by `}`; a literal `${` is written `$${`',
      's.yaml:4:9: `node` needs a value: --set node=…, or ORCH_VAR_NODE in the environment',
      's.yaml:5:8: `key` needs a value: --set key=…, or KEY in the environment',
      's.yaml:6:9: `variables.none` is a mapping: must have a `default`, or `required: true`',
      's.yaml:7:9: `variables.empty` is empty, but must be a number, text, a boolean or a list',
      's.yaml:8:10: unknown key `defalt` in variables.odd; did you mean `default`? Known: default, required, description, from_env, secret',
      's.yaml:9:9: `variables.both` is a mapping: must have a `default`, or `required: true`',
      's.yaml:10:3: `a-b` cannot be a name here: a name is made of letters, digits and `_`',
      's.yaml:12:12: `variables.mapping` is a mapping: must have a `default`, or `required: true`',
      's.yaml:12:14: unknown key `a` in variables.mapping. Known: default, required, description, from_env, secret',
      's.yaml:13:12: `variables.nested[0]` is a list, but must be a number, text or a boolean',
      's.yaml:15:13: `${list}` is a list, which cannot be put into a text',
      expect.stringContaining('s.yaml:15:47: there is no variable `later`'),
    ]);
  });

  it('that has a wrong value is told where it is used, and where the value comes from', async () => {
    const lines = oneLoad(['rps: slow', 'all: { default: "${rps}" }'], 'target: all_nodes, rps: "${rps}"');
    const start = 's.yaml:6:87: `phases[0].actions[0].rps` is';
    expect(await files.mistakesIn(lines)).toEqual([
      `${start} \`slow\`, but must be a number or a mapping; \`\${rps}\` comes from s.yaml:3:8`,
    ]);
    expect(await files.mistakesIn(lines, { env: { ORCH_VAR_RPS: 'off' } })).toEqual([
      `${start} \`off\`, but must be a number or a mapping; \`\${rps}\` comes from the environment (ORCH_VAR_RPS)`,
    ]);
    expect(await files.mistakesIn(lines, { set: ['rps=-1'] })).toEqual([
      `${start} \`-1\`, but must be more than 0; \`\${rps}\` comes from --set rps=-1`,
    ]);
    const indirect = oneLoad(['a: x', 'b: "y${a}"'], 'target: all_nodes, rps: "${b}"');
    expect(await files.mistakesIn(indirect)).toEqual([
      `${start} \`yx\`, but must be a number or a mapping; \`\${b}\` comes from s.yaml:4:6, where \`\${a}\` comes from s.yaml:3:6`,
    ]);
  });

  it('between brackets needs quotes, and that is all that is said of its line', async () => {
    expect(await files.mistakesIn(oneLoad(['rps: 1'], 'rps: ${rps}, target: ${x}'))).toEqual([
      's.yaml:5:68: between brackets, a value with a variable needs quotes: "${rps}"',
    ]);
  });

  it('may name those before it, and what grows by that is bounded', async () => {
    const doubled = Array.from({ length: 40 }, (_, n) => `v${n + 1}: "\${v${n}}\${v${n}}"`);
    expect(await files.mistakesIn(oneLoad(['v0: ab', ...doubled], 'target: all_nodes, rps: 1'))).toEqual([
      's.yaml:16:8: with its variables put in, it is longer than 10000 characters',
    ]);
    expect(await files.mistakesIn(oneLoad(['a: "${b}"', 'b: 1'], 'target: all_nodes, rps: "${a}"'))).toEqual([
      's.yaml:3:6: `b` has no value here yet: a default may only use what is declared above it',
    ]);
  });

  it('that is declared and never used is a warning', async () => {
    const { warnings } = await files.load(
      oneLoad(['rps: 1', 'other: 2'], 'target: all_nodes, rps: "${rps}"'),
    );
    expect(warnings).toEqual([`${files.directory}/s.yaml:4:10: \`other\` is declared, and used nowhere`]);
  });

  it('works with anchors, aliases and merges', async () => {
    const { value } = await files.load([
      'name: s',
      'variables: { rps: &n 7 }',
      'phases:',
      '  - &one { name: p, duration_sec: *n, actions: [&a { type: start_load, target: all_nodes, rps: "${rps}" }] }',
      '  - { <<: *one, name: "${rps}s", actions: [*a, { <<: *a, rps: 2 }] }',
    ]);
    expect(value.phases).toMatchObject([
      { name: 'p', duration_sec: 7, actions: [{ rps: 7 }] },
      { name: '7s', duration_sec: 7, actions: [{ rps: 7 }, { rps: 2 }] },
    ]);
  });
});

describe('a secret', () => {
  const lines = (action: string) =>
    oneLoad(['token: { secret: true, from_env: TOKEN, required: true }', 'all: "me:${token}"'], action);

  it('is text as it was given, and shown nowhere, nor is what it is part of', async () => {
    const { variables } = await files.load(lines('target: all_nodes, rps: 1'), {
      env: { TOKEN: '0123 # x' },
    });
    expect(variables).toEqual([
      { name: 'token', value: '***', from: 'the environment (TOKEN)' },
      { name: 'all', value: '***', from: expect.stringContaining('`${token}` comes from the environment') },
    ]);
    const wrong = lines('target: all_nodes, rps: "${all}"');
    expect(await files.mistakesIn(wrong, { set: ['token=pa55'] })).toEqual([
      's.yaml:6:87: `rps` is shown and stored, so it cannot have the secret `all` in it',
      expect.stringMatching(
        /^s\.yaml:6:87: .* is `me:\*\*\*`, but must be a number or a mapping; .*--set token=\*\*\*$/,
      ),
    ]);
  });

  it('has no default, and no place in what is shown and stored, not even by way of a fragment', async () => {
    await files.write('f.yaml', [
      'parameters: { who: x }',
      'actions: [{ type: kill_node, target: "${who}" }]',
    ]);
    expect(
      await files.mistakesIn(
        [
          'name: s',
          'description: with ${t}',
          'variables: { t: { secret: true, required: true }, u: { secret: true, default: x } }',
          'phases:',
          '  - { name: "x${t}", duration_sec: 1, actions: [{ include: f.yaml, with: { who: "a ${t}" } }] }',
          '  - { name: p, duration_sec: 1, actions: [{ include: "${t}" }] }',
        ],
        { env: { ORCH_VAR_T: 'pa55' } },
      ),
    ).toEqual([
      's.yaml:3:64: `variables.u.secret` is `true`: a default would be kept with the run: `required: true` takes its place',
      's.yaml:5:13: `name` is shown and stored, so it cannot have the secret `t` in it',
      's.yaml:6:54: `include` is shown and stored, so it cannot have the secret `t` in it',
      's.yaml:6:54: there is no fragment ***',
      'f.yaml:2:38: `target` is shown and stored, so it cannot have the secret `who` in it',
    ]);
  });
});
