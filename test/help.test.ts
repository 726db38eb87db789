import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './support.ts';

const commands = [
  'run',
  'analyze',
  'compare',
  'gate',
  'plot',
  'summarize',
  'report',
  'init',
  'validate',
  'import',
  'plan',
  'runs',
  'recover',
  'doctor',
  'demo',
  'schema',
];

function orch(args: readonly string[], env: Record<string, string> = {}) {
  const { PATH = '' } = process.env;
  return spawnSync(process.execPath, [join(root, 'src/main.ts'), ...args], {
    encoding: 'utf8',
    env: { PATH, ...env },
  });
}

describe('--help', () => {
  it('lists every command', () => {
    const { status, stdout } = orch(['--help']);
    expect(status).toBe(0);
    const listed = [...stdout.matchAll(/^ {2}(\w+) \[options\]/gm)].map((match) => match[1]);
    expect(listed).toEqual(commands.toSorted((a, b) => listed.indexOf(a) - listed.indexOf(b)));
  });

  it.each(commands)('of %s shows an example, and the options that go with every command', (command) => {
    const { status, stdout } = orch([command, '--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples:\\n  \\$ orch ${command}`));
    expect(stdout).toContain('--config <file>');
    expect(stdout).toContain('--runs <dir>');
    expect(stdout).not.toContain('default: false');
  });

  it('loads none of the heavy libraries', () => {
    const coverage = mkdtempSync(join(tmpdir(), 'orch-help-'));
    try {
      orch(['--help'], { NODE_V8_COVERAGE: coverage });
      const seen = readdirSync(coverage)
        .map((file) => readFileSync(join(coverage, file), 'utf8'))
        .join('');
      expect(seen).toContain('cli/program.ts');
      const heavy = [
        'danfojs',
        'vega',
        '@resvg',
        'dockerode',
        'groq-sdk',
        'undici',
        'ioredis',
        '@opentelemetry',
        'zod',
        'yaml',
      ];
      expect(heavy.filter((name) => seen.includes(`node_modules/${name}`))).toEqual([]);
    } finally {
      rmSync(coverage, { recursive: true, force: true });
    }
  });
});
