import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../../testing/requirements.ts';
import { composeProject } from './compose-project.ts';

const services = 'services: { web: { image: web } }\n';

interface Case {
  readonly is: string;
  /** Paths and texts, below a directory of the test's own. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly project?: string;
  /** Where Compose is called. */
  readonly at: string;
  readonly name: string;
}

const cases: readonly Case[] = [
  { is: 'the directory', files: { 'My.Shop_1/compose.yaml': services }, at: 'My.Shop_1', name: 'myshop_1' },
  { is: 'the directory, trimmed', files: { '__-a/compose.yml': services }, at: '__-a', name: 'a' },
  { is: 'name:', files: { 'd/compose.yaml': `${services}name: shop\n` }, at: 'd', name: 'shop' },
  {
    is: 'name:, put in order',
    files: { 'd/compose.yaml': `${services}name: Shop\n` },
    at: 'd',
    name: 'shop',
  },
  {
    is: 'name: of the first file by Compose’s order',
    files: {
      'd/compose.yml': `${services}name: second\n`,
      'd/docker-compose.yml': `${services}name: third\n`,
    },
    at: 'd',
    name: 'second',
  },
  {
    is: 'name: of the override',
    files: { 'd/docker-compose.yml': `${services}name: a\n`, 'd/docker-compose.override.yml': 'name: b\n' },
    at: 'd',
    name: 'b',
  },
  {
    is: 'the parent with the file',
    files: { 'up/compose.yaml': services, 'up/sub/x': '' },
    at: 'up/sub',
    name: 'up',
  },
  {
    is: '.env before name:',
    files: {
      'd/compose.yaml': `${services}name: shop\n`,
      'd/.env': 'A=1\nexport COMPOSE_PROJECT_NAME = "dotted" # x\n',
    },
    at: 'd',
    name: 'dotted',
  },
  {
    is: '.env without quotes',
    files: { 'd/compose.yaml': services, 'd/.env': 'COMPOSE_PROJECT_NAME=dotted # x\n' },
    at: 'd',
    name: 'dotted',
  },
  {
    is: 'the environment before .env',
    files: { 'd/compose.yaml': services, 'd/.env': 'COMPOSE_PROJECT_NAME=dotted\n' },
    env: { COMPOSE_PROJECT_NAME: 'environment' },
    at: 'd',
    name: 'environment',
  },
  {
    is: 'what was asked for before the environment',
    files: { 'd/compose.yaml': `${services}name: shop\n` },
    env: { COMPOSE_PROJECT_NAME: 'environment' },
    project: 'asked',
    at: 'd',
    name: 'asked',
  },
];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'orch-compose-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function lay(files: Case['files']): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

describe('the compose project’s name', () => {
  it.each(cases)('is $is', async ({ files, env = {}, project, at, name }) => {
    lay(files);
    const readName = (text: string) => /^name: (.+)$/m.exec(text)?.[1];
    expect(await composeProject({ project, env, directory: join(root, at), readName })).toBe(name);
  });

  it('is the directory’s where there is no Compose file', async () => {
    mkdirSync(join(root, 'Bare'));
    const options = { env: {}, directory: join(root, 'Bare'), readName: () => 'unasked' };
    expect(await composeProject(options)).toBe('bare');
  });
});

describe.skipIf(!needs('compose'))('Compose itself says the same', () => {
  it.each(cases)('$is', ({ files, env = {}, project, at, name }) => {
    lay(files);
    const asked = project === undefined ? [] : ['--project-name', project];
    const { COMPOSE_PROJECT_NAME: _, COMPOSE_FILE: __, ...rest } = process.env;
    const printed = execFileSync('docker', ['compose', ...asked, 'config', '--format', 'json'], {
      cwd: join(root, at),
      env: { ...rest, ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(JSON.parse(printed)).toMatchObject({ name });
  });
});
