import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseYaml } from '../src/config/yaml.ts';
import { root, Workshop } from './support.ts';

const files = [
  'config.yaml',
  'scenarios/baseline.yaml',
  'scenarios/first_failure.yaml',
  '.github/workflows/chaos.yml',
];

describe('orch init', () => {
  const shops: Workshop[] = [];
  const shopWith = (compose?: string) => {
    const shop = new Workshop();
    shops.push(shop);
    if (compose === undefined)
      copyFileSync(join(root, 'docker-compose.yml'), shop.path('docker-compose.yml'));
    else {
      mkdirSync(shop.path('deploy'));
      shop.write('deploy/stack.yml', compose);
    }
    return shop;
  };
  const text = (shop: Workshop, name: string) => readFileSync(shop.path(name), 'utf8');
  afterAll(() => shops.forEach((shop) => shop.close()));

  it('writes what passes orch validate, and never over what is there', async () => {
    const shop = shopWith();
    const made = await shop.orch(['init']);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    for (const file of files) expect(made.stdout).toContain(`wrote ${file}\n`);
    expect(made.stdout).toContain('The node that is killed is service-node-3, one of 3 that are loaded.');
    const checked = await shop.orch(['validate', ...files.slice(0, 3)]);
    expect(checked.stdout).not.toContain('warning');
    expect(checked, checked.stdout).toMatchObject({ code: 0 });
    expect(parseYaml(text(shop, '.github/workflows/chaos.yml')).mistakes).toEqual([]);

    writeFileSync(shop.path('config.yaml'), '# mine\n');
    const refused = await shop.orch(['init']);
    expect(refused).toMatchObject({ code: 104, stderr: expect.stringContaining('[file-exists]') });
    expect(text(shop, 'config.yaml')).toBe('# mine\n');
    expect(await shop.orch(['init', '--force'])).toMatchObject({ code: 0 });
    expect(text(shop, 'config.yaml')).toContain('http://127.0.0.1:8001');
  });

  it('takes any Compose file: of another directory and name, with only Redis', async () => {
    const shop = shopWith(
      'services:\n  cache: { image: "redis:7", ports: ["7001:6379"] }\n  job: { image: worker }\n',
    );
    const args = ['--config', 'chaos.yaml'];
    shop.write('deploy/compose.override.yaml', 'services: {}\n');
    const made = await shop.orch(['init', '--compose', 'deploy/stack.yml', ...args]);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(made.stdout).toContain('- compose.override.yaml is not read:');
    expect(made.stdout).toContain('- job is left out: it publishes no port on this machine.');
    expect(parseYaml(text(shop, 'chaos.yaml')).value).toEqual({
      http_nodes: [],
      http_services: [],
      redis_nodes: ['redis://127.0.0.1:7001'],
      redis_services: ['cache'],
      control: { driver: 'docker', docker: { project: 'deploy' } },
    });
    const workflow = text(shop, '.github/workflows/chaos.yml');
    expect(workflow).toContain('run: docker compose -f deploy/stack.yml up -d --build --wait');
    expect(workflow).toContain('--run-id baseline --config chaos.yaml');
    const checked = await shop.orch(['validate', 'chaos.yaml', ...files.slice(1, 3), ...args]);
    expect(checked, checked.stdout).toMatchObject({ code: 0 });
  });

  it('that may not write says where it would have, and nothing of runs', async () => {
    const shop = shopWith();
    mkdirSync(shop.path('scenarios'));
    // Root may write anywhere but on a read-only file system.
    const asRoot = process.getuid?.() === 0;
    if (asRoot)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=64k', 'orch-test', shop.path('scenarios')]);
    else chmodSync(shop.path('scenarios'), 0o500);
    try {
      const { code, stderr } = await shop.orch(['init']);
      expect(code).toBe(104);
      expect(stderr).toContain('no permission while writing');
      expect(stderr).toContain('hint: orch init writes into the directory that it is called in');
      expect(stderr).not.toContain('--runs');
    } finally {
      if (asRoot) execFileSync('umount', [shop.path('scenarios')]);
    }
  });

  it('says why, and writes nothing, where no service can be loaded', async () => {
    const shop = shopWith('services:\n  db: { image: postgres, ports: ["5432:5432"] }\n');
    expect(await shop.orch(['init', '--compose', 'deploy/stack.yml'])).toMatchObject({
      code: 104,
      stderr: expect.stringContaining('db is left out: it speaks PostgreSQL, not HTTP or Redis.'),
    });
    expect(existsSync(shop.path('scenarios'))).toBe(false);
  });
});
