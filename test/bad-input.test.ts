import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../src/testing/requirements.ts';
import { type Finished, scenarioText, Workshop } from './support.ts';

/** The user's own mistakes and the machine's bad days: a clear message, the documented exit code, and no stack trace. */
function expectError({ code, stderr }: Finished, exit: number, ...says: (string | RegExp)[]): void {
  expect(stderr).not.toMatch(/\n\s+at .*\.(ts|js):\d+/);
  for (const what of says)
    expect(stderr).toMatch(what instanceof RegExp ? what : new RegExp(RegExp.escape(what)));
  expect(code, stderr).toBe(exit);
}

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

const run = (...more: string[]) => shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'r', ...more]);
const header = 'timestamp,node,status_code,latency_ms,error\n';
function foreignRun(id: string, csv: string, file = 'metrics.csv'): void {
  mkdirSync(shop.path('runs', id), { recursive: true });
  writeFileSync(shop.path('runs', id, file), csv);
}
const calm = header + Array.from({ length: 500 }, (_, n) => `${1000 + n / 50},a,200,12.5,\n`).join('');

describe('the command line', () => {
  it.each([
    [['run'], /--scenario/],
    [['rum'], /unknown command 'rum'[^]*did you mean run/i],
    [['rum', '--help'], /unknown command 'rum'[^]*did you mean run/i],
    [['--help', 'rum'], /unknown command 'rum'[^]*did you mean run/i],
    [['help', 'rum'], /unknown command 'rum'[^]*did you mean run/i],
    [['run', '--scenario', 'x', '--sed', '1'], /did you mean --seed/i],
    [['run', '--scenario', 'x', '--driver', 'kubernetes'], /auto, docker, process/],
    [['analyze', '--run', 'r'], /--baseline/],
    [['schema', 'scenari'], /orch schema scenario/],
  ])('%j is wrong usage, with what would be right', async (args, says) => {
    expectError(await shop.orch(args), 104, says);
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

describe('the nodes', () => {
  it('that do not answer are named before the run has begun', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    shop.write('config.yaml', 'http_nodes: [http://127.0.0.1:9]\n');
    expectError(
      await run(),
      104,
      'not answering before the run has begun: 127.0.0.1:9 at http://127.0.0.1:9',
    );
    expect((await shop.orch(['runs', '--json'])).stdout).toBe('[]\n');
  });

  it('without a service name cannot be disturbed', async () => {
    shop.write(
      's.yaml',
      scenarioText('s', [1, 1, 1], { type: 'kill_node', undo: 'restart_node', node: '127.0.0.1:9' }),
    );
    shop.write('config.yaml', 'http_nodes: [http://127.0.0.1:9]\n');
    expectError(await run(), 104, '127.0.0.1:9 has no service name in config.yaml');
  });

  it('in Docker, without an engine, are not to be had', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml', '--driver', 'docker'], {
      DOCKER_HOST: `unix://${shop.path('no.sock')}`,
    });
    expectError({ code, stderr, stdout: '' }, 104, 'no.sock', '[docker-unreachable]');
  });

  it('of the user’s own are never replaced by embedded ones', async () => {
    shop.write(
      's.yaml',
      scenarioText('s', [1, 1, 1], { type: 'kill_node', undo: 'restart_node', node: 'api' }),
    );
    shop.write('config.yaml', 'http_nodes: [http://127.0.0.1:9]\nhttp_services: [api]\n');
    expectError(await run(), 104, 'no driver reaches api', '[driver-unavailable]');
  });

  it('whose port is taken stand on another, and it says so', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    shop.write('config.yaml', `http_nodes: [http://127.0.0.1:${port}]\nhttp_services: [service-node-1]\n`);
    shop.write('s.yaml', scenarioText('s', [1]));
    const { code, stderr } = await run('--driver', 'process');
    taken.close();
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      new RegExp(
        `service-node-1 is at http://127\\.0\\.0\\.1:\\d+, as the port of http://127\\.0\\.0\\.1:${port} is taken`,
      ),
    );
    expect(shop.manifest('r').counts).toMatchObject({ due: 50, ok: 50 });
  });

  it('of Redis, without redis-server, say how to get it', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    const result = await shop.orch(
      ['run', '--scenario', 's.yaml', '--mode', 'redis', '--driver', 'process'],
      { PATH: '/nowhere' },
    );
    expectError(result, 104, 'redis-server', 'apt-get install redis-server');
  });
});

describe('a run directory', () => {
  it('that exists is never overwritten', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    foreignRun('r', calm);
    expectError(await run('--driver', 'process'), 104, 'the run r exists already');
    expect(shop.rows('r').length).toBe(500);
  });

  it('that is not there is named with the nearest and all that are', async () => {
    const ids = ['calm', 'node_failure-http-20260314-120500', 'node_failure-http-20260315-093000'];
    for (const id of ids) foreignRun(id, calm);
    for (const [wrong, meant] of [
      ['clam', ids[0]],
      ['node_failure-http-20260314-120501', ids[1]],
      ['node_failure', ids[2]],
    ] as const) {
      expectError(
        await shop.orch(['analyze', '--baseline', 'calm', '--run', wrong]),
        104,
        `there is no run ${wrong}`,
        `Did you mean \`${meant}\`? There are: ${ids.join(', ')}`,
      );
    }
    const { stderr } = await shop.orch(['plot', '--run', 'something-else-altogether']);
    expect(stderr).not.toContain('Did you mean');
  });

  it('that may not be written is refused', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    mkdirSync(shop.path('runs'));
    // Root may write anywhere but on a read-only file system.
    const asRoot = process.getuid?.() === 0;
    if (asRoot) execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=64k', 'orch-test', shop.path('runs')]);
    else chmodSync(shop.path('runs'), 0o500);
    try {
      expectError(await run('--driver', 'process'), 104, 'no permission', '--runs DIR');
    } finally {
      if (asRoot) execFileSync('umount', [shop.path('runs')]);
    }
  });

  it.skipIf(!needs('root'))(
    'on a disk that fills up ends the run, keeps the rows so far, and undoes the fault',
    async () => {
      shop.write(
        's.yaml',
        scenarioText('s', [2, 20, 2], { type: 'pause_node', undo: 'unpause_node', node: 'service-node-2' }),
      );
      mkdirSync(shop.path('runs'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40k', 'orch-test', shop.path('runs')]);
      try {
        const result = await run('--driver', 'process');
        expectError(result, 1, 'no space left', '[disk-full]', 'serves again');
        expect(shop.manifest('r')).toMatchObject({ status: 'failed', still_broken: [] });
        const rows = shop.rows('r');
        expect(rows.length).toBeGreaterThan(100);
        expect(rows.every((row) => row.split(',').length === 9)).toBe(true);
        expect(
          await shop.orch(['analyze', '--baseline', 'r', '--run', 'r', '--out', shop.path('out.json')]),
        ).toMatchObject({
          code: 1,
          stdout: expect.stringContaining('requests due'),
          stderr: expect.stringContaining('[disk-full]'),
        });
      } finally {
        execFileSync('umount', [shop.path('runs')]);
      }
    },
  );

  it('that may only be read is analysed and summarized all the same, and it says what could not be written', async () => {
    foreignRun('r', calm);
    const about = ['--baseline', 'r', '--run', 'r', '--out', shop.path('out')];
    const asRoot = process.getuid?.() === 0;
    if (asRoot) {
      execFileSync('mount', ['--bind', shop.path('runs'), shop.path('runs')]);
      execFileSync('mount', ['-o', 'remount,bind,ro', shop.path('runs')]);
    } else chmodSync(shop.path('runs/r'), 0o500);
    try {
      const analyzed = await shop.orch(['analyze', ...about, '--json']);
      expectError(analyzed, 104, 'no permission while writing', 'analysis.json', '[no-permission]');
      expect(JSON.parse(analyzed.stdout)).toMatchObject({ run_id: 'r', run_summary: { due: 500 } });
      expect(readFileSync(shop.path('out'), 'utf8')).toBe(analyzed.stdout);
      const summarized = await shop.orch(['summarize', ...about]);
      expectError(summarized, 104, 'no permission while writing', 'summary.md', '[no-permission]');
      expect(summarized.stdout).toContain('# Summary of `r`');
      expect(readFileSync(shop.path('out'), 'utf8')).toBe(summarized.stdout);
    } finally {
      if (asRoot) execFileSync('umount', [shop.path('runs')]);
      else chmodSync(shop.path('runs/r'), 0o700);
    }
  });

  it.each(['analyze', 'summarize'])(
    'is not written to a place that is not there: %s --out none/x',
    async (command) => {
      foreignRun('r', calm);
      const out = ['--out', 'none/x'];
      expectError(
        await shop.orch([command, '--baseline', 'r', '--run', 'r', ...out]),
        104,
        'there is no directory none to write none/x in',
        '[file-not-found]',
      );
    },
  );

  it('under something that is no directory is refused', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    shop.write('file', '');
    expectError(
      await run('--driver', 'process', '--runs', 'file/runs'),
      104,
      'file/runs is no directory',
      '[file-not-found]',
    );
  });
});

describe('a metrics file', () => {
  const analyze = (id: string) => shop.orch(['analyze', '--baseline', 'calm', '--run', id]);
  beforeEach(() => foreignRun('calm', calm));

  it('of another origin, with the five columns and the Redis name, is analysed', async () => {
    foreignRun('other', calm, 'redis_metrics.csv');
    const { code, stderr } = await analyze('other');
    expect(code, stderr).toBe(0);
    expect(shop.analysis('other')).toMatchObject({
      run_summary: { throughput_rps: 50, p50_latency_ms: 12.5, error_rate: 0 },
      throughput_drop_pct: 0,
      anomaly_windows: [],
      recovery_time_sec: null,
    });
  });

  it.each([
    ['is missing', undefined, 104],
    ['is empty', '', 2],
    ['has only a header', header, 2],
    ['has none of the columns', 'a,b\n1,2\n', 2],
  ])('that %s is a clear error', async (_, csv, exit) => {
    mkdirSync(shop.path('runs/r'), { recursive: true });
    if (csv !== undefined) foreignRun('r', csv);
    expectError(await analyze('r'), exit, /metrics\.csv|rows|columns/);
  });

  it('that is half-written is read as far as it goes, and it says so', async () => {
    foreignRun('r', `${calm}1010.0,a,20`);
    const { code, stdout } = await analyze('r');
    expect(code).toBe(0);
    expect(shop.analysis('r').run_summary.due).toBe(500);
    expect(stdout).toMatch(/warning: .*(cut|truncated|half|incomplete)/i);
  });
});
