import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scenarioText, Workshop } from '../support.ts';
import { expectError } from './expect-error.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

const run = (...more: string[]) => shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'r', ...more]);

describe('the command line', () => {
  it.each([
    [['run'], /--scenario/],
    [['rum'], /unknown command 'rum'[^]*did you mean run/i],
    [['rum', '--help'], /unknown command 'rum'[^]*did you mean run/i],
    [['--help', 'rum'], /unknown command 'rum'[^]*did you mean run/i],
    [['help', 'rum'], /unknown command 'rum'[^]*did you mean run/i],
    [['run', '--scenario', 'x', '--seeds', '1'], /did you mean --seed/i],
    [['run', '--scenario', 'x', '--driver', 'kubernetes'], /auto, docker, process/],
    [['analyze', '--run', 'r'], /--baseline/],
    [['schema', 'scenari'], /orch schema scenario/],
  ])('%j is wrong usage, with what would be right', async (args, says) => {
    expectError(await shop.orch(args), 104, says, /^error: .* \[usage\]$/m);
  });

  it('refuses a seed or run id that cannot be one', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    expectError(await run('--seed', '-3'), 104, '--seed -3 is not a seed');
    expectError(
      await shop.orch(['run', '--scenario', 's.yaml', '--run-id', '../evil']),
      104,
      '`../evil` cannot be a run id',
    );
  });
});

describe('a scenario', () => {
  it('that is not there is looked for in scenarios/ too, and each place is named', async () => {
    expectError(await run(), 104, 'there is no scenario s.yaml', /looked for .*scenarios\/s\.yaml/);
  });

  it('with mistakes has all of them told, with file, line and column, by run and by validate', async () => {
    shop.write(
      's.yaml',
      'name: s\nphases:\n  - name: a\n    duraton_sec: 3\n    actions: [{ type: kil_node, target: x }]\n',
    );
    const places = [
      's.yaml:4:5: unknown key `duraton_sec`',
      'did you mean `duration_sec`',
      's.yaml:5:23: unknown type `kil_node`',
    ];
    expectError(await run(), 104, ...places);
    const validated = await shop.orch(['validate', 's.yaml']);
    expect(validated.code).toBe(104);
    for (const place of places) expect(validated.stdout).toContain(place);
  });

  it('that cannot be read as YAML does not keep the others from being checked', async () => {
    shop.write('alias.yaml', 'name: a\nphases: *nope\n');
    shop.write('two.yaml', 'name: a\n---\nname: b\n');
    shop.write('key.yaml', 'name: a\n? [a, b]\n: 1\n');
    shop.write('good.yaml', scenarioText('s', [1]));
    const { code, stdout, stderr } = await shop.orch([
      'validate',
      'alias.yaml',
      'two.yaml',
      'key.yaml',
      'good.yaml',
    ]);
    expect(code, stderr).toBe(104);
    expect(stderr).toBe('');
    expect(stdout.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
      'invalid  alias.yaml (scenario)',
      'invalid  two.yaml (scenario)',
      'invalid  key.yaml (scenario)',
      'ok  good.yaml (scenario)',
      '',
    ]);
    expect(stdout).toContain('alias.yaml:2:9: there is no anchor `&nope`');
    expectError(
      await shop.orch(['run', '--scenario', 'alias.yaml']),
      104,
      'alias.yaml:2:9: ',
      '[yaml-invalid]',
    );
  });

  it('with mistakes has its unknown services told beside them', async () => {
    shop.write(
      's.yaml',
      'name: s\nphase:\n  - { name: a, duration_sec: 1, actions: [{ type: kill_node, target: service-node-9 }] }\n',
    );
    const says = ['s.yaml:2:1: unknown key `phase`', 's.yaml:3:70: there is no node `service-node-9`'];
    expectError(await run(), 104, ...says);
    const { stdout } = await shop.orch(['validate', 's.yaml']);
    for (const each of says) expect(stdout).toContain(each);
  });

  it('that names an unknown service is refused before anything is touched', async () => {
    shop.write(
      's.yaml',
      scenarioText('s', [1, 1, 1], { type: 'kill_node', undo: 'restart_node', node: 'service-node-9' }),
    );
    expectError(
      await run(),
      104,
      /s\.yaml:\d+:\d+: there is no node `service-node-9`; did you mean `service-node-/,
    );
    expect((await shop.orch(['runs', '--json'])).stdout).toBe('[]\n');
  });
});

describe('a config', () => {
  it('that was named must be there; one with mistakes has them told', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    expectError(await run('--config', 'none.yaml'), 104, 'there is no config file none.yaml');
    shop.write('config.yaml', 'load: { timeout_secs: 5 }\n');
    expectError(
      await run(),
      104,
      'config.yaml:1:9: unknown key `timeout_secs` in load; did you mean `timeout_sec`?',
    );
  });
});

describe('validate', () => {
  it('goes on where the config in force has mistakes, and tells these too', async () => {
    shop.write('config.yaml', 'load: { timeout_secs: 5 }\n');
    shop.write('good.yaml', scenarioText('s', [1]));
    shop.write('bad.yaml', 'name: s\n');
    const { code, stdout, stderr } = await shop.orch(['validate', 'good.yaml', 'bad.yaml']);
    expect(code, stderr).toBe(104);
    expect(stdout).toMatch(/^invalid {2}config\.yaml \(config\)\n {2}config\.yaml:1:9: unknown key/);
    expect(stdout).toMatch(/\nok {2}good\.yaml \(scenario\)\ninvalid {2}bad\.yaml \(scenario\)\n/);
  });
});
