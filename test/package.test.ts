import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './support.ts';

interface Packed {
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

describe('the package', () => {
  it('is built as it is packed, and has all in it that runs need, and no test', () => {
    const told = execFileSync('npm', ['pack', '--dry-run', '--json'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [packed]: readonly Packed[] = JSON.parse(told);
    const files = new Map(packed?.files.map(({ path, mode }) => [path, mode]));
    const needed = [
      'bin/orch',
      'config.replicas.yaml',
      'config.yaml',
      'dist/demo/main.js',
      'dist/main.js',
      'docker-compose.replicas.yml',
      'docker-compose.yml',
      'scenarios/fragments/outage.yaml',
      'scenarios/quick/node_failure.yaml',
      'scenarios/schema/config.json',
      'scenarios/schema/fragment.json',
      'scenarios/schema/scenario.json',
      'src/demo/Dockerfile',
    ];
    expect(needed.filter((path) => !files.has(path))).toEqual([]);
    // What is needed at each start is in one file, with its license.
    for (const [home, library] of [
      ['dist/model/zod.js', 'zod'],
      ['dist/config/yaml.js', 'yaml'],
      ['dist/cli/program.js', 'commander'],
      ['dist/target/undici.js', 'undici'],
      ['dist/target/ioredis.js', 'ioredis'],
    ] as const) {
      const text = readFileSync(join(root, home), 'utf8');
      expect(text).not.toMatch(new RegExp(`^import .*["']${library}["']`, 'm'));
      expect(text.slice(0, 300)).toMatch(/copyright/i);
    }
    expect((files.get('bin/orch') ?? 0) & 0o111).not.toBe(0);
    expect([...files.keys()].filter((path) => path.includes('.test.'))).toEqual([]);
  });
});
