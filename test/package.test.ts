import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
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
    // What is needed at each start is in one file, with the license of all that is in it.
    for (const [home, ...libraries] of [
      ['dist/model/zod.js', 'zod'],
      ['dist/config/yaml.js', 'yaml'],
      ['dist/cli/program.js', 'commander'],
      ['dist/target/undici.js', 'undici'],
      ['dist/target/ioredis.js', 'ioredis', 'denque', 'redis-errors'],
    ] as const) {
      const text = readFileSync(join(root, home), 'utf8');
      expect(loadedBy(text).filter((name) => !isBuiltin(name) && !name.startsWith('.'))).toEqual([]);
      for (const library of libraries)
        expect(text).toMatch(new RegExp(`^/\\*!\n${library}\n\n[^*]*copyright`, 'im'));
    }
    expect((files.get('bin/orch') ?? 0) & 0o111).not.toBe(0);
    expect([...files.keys()].filter((path) => path.includes('.test.'))).toEqual([]);
  });
});

/** What a built file imports, or requires. */
function loadedBy(text: string): string[] {
  const found = text.matchAll(/^(?:import|export)\b[^'"]*["']([^'"]+)["']|\b__require\(["']([^'"]+)["']\)/gm);
  return [...found].map(([, imported, required]) => imported ?? required ?? '');
}
