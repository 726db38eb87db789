import { beforeEach, describe, expect, it } from 'vitest';
import { faultSpec } from '../model/fault-spec.ts';
import { ScenarioFiles } from '../testing/scenario-files.ts';

let files: ScenarioFiles;
beforeEach(async () => {
  files = await ScenarioFiles.make();
});

const phase = (action: string) => [
  'name: s',
  'phases:',
  `  - { name: p, duration_sec: 1, actions: [${action}] }`,
];

describe('a mistake is told in words that help', () => {
  it('shows the beginning of what was given, and never a whole file', async () => {
    await files.write(
      'notes.txt',
      ['first line: no', 'x'.repeat(500)].map((line) => `- ${line}`),
    );
    await files.write('text.txt', ['word '.repeat(100)]);
    const [listed, text] = await files.mistakesIn([
      'name: s',
      'phases:',
      '  - { include: notes.txt }',
      '  - { include: text.txt }',
      `  - { ${'k'.repeat(100)}: 1, name: p, duration_sec: 1 }`,
    ]);
    expect(listed).toContain(`unknown key \`${'k'.repeat(59)}…\``);
    expect(text).toBe('notes.txt:1:1: `the file` is a list, but must be a mapping');
    const told = await files.mistakesIn(['name: s', 'phases:', '  - { include: text.txt }']);
    expect(told).toEqual([
      `text.txt:1:1: \`the file\` is \`${'word '.repeat(12).slice(0, 59)}…\`, but must be a mapping`,
    ]);
  });

  it('shows nothing of a secret that is cut off', async () => {
    const action = '{ type: http_request, url: "http://127.0.0.1:9", headers: "Bearer ${t}" }';
    const secret = 'sesame'.repeat(20);
    const lines = ['variables: { t: { secret: true, required: true } }', ...phase(action)];
    const [told = ''] = await files.mistakesIn(lines, { env: { ORCH_VAR_T: secret } });
    expect(told).toContain('is `Bearer ***…`');
    expect(told).not.toContain('sesame');
  });

  it('takes one name where a list of names may stand, and says what may stand there', async () => {
    await files.load(phase('{ type: partition, target: a, from: service-node-2, direction: in }'));
    expect(faultSpec('partition', { from: 'service-node-2' })).toMatchObject({ from: ['service-node-2'] });
    expect(faultSpec('partition', {})).toMatchObject({ from: 'clients' });
    expect(await files.mistakesIn(phase('{ type: partition, target: a, from: 5 }'))).toEqual([
      's.yaml:3:79: `phases[0].actions[0].from` is `5`: must be `clients`, the service name of a node, or a list of such names',
    ]);
  });

  it('says of a default that uses a later variable what it may use', async () => {
    const told = await files.mistakesIn([
      'variables: { a: "${b}", b: "${b}", c: "${d}" }',
      ...phase('{ type: stop_load }'),
    ]);
    expect(told).toEqual([
      's.yaml:1:17: `b` has no value here yet: a default may only use what is declared above it',
      's.yaml:1:28: `b` has no value here yet: a default may only use what is declared above it',
      's.yaml:1:39: there is no variable `d`; did you mean `a`? Known: a, b',
    ]);
  });

  it('tells all that is wrong with `--set` at once', async () => {
    const lines = ['variables: { rps: 1 }', ...phase('{ type: stop_load }')];
    expect(await files.mistakesIn(lines, { set: ['c', 'cc=4', 'rps=2', '=1'] })).toEqual([
      '--set c gives no variable a value, as --set rps=200 does',
      '--set =1 gives no variable a value, as --set rps=200 does',
      '--set cc: there is no such variable. Known: rps',
    ]);
  });
});
