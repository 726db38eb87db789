import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readUserFile } from '../config/files.ts';
import { topLevelName } from '../config/yaml.ts';
import { composeProject, envFileValue } from '../control/docker/compose-project.ts';
import { composeNodes } from '../init/compose-nodes.ts';
import { assumptionsOf, type StartingFile, startingFiles } from '../init/starting-files.ts';
import { composeFileNames, overrideFileNames } from '../init/workflow.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import { ioError } from '../store/io-error.ts';
import { replaceFile } from '../store/json-file.ts';
import type { CommonOptions } from './options.ts';
import { painter } from './style.ts';
import type { World } from './world.ts';

export interface InitOptions extends CommonOptions {
  readonly compose?: string;
  readonly force?: boolean;
}

/** Writes a config, a baseline, a scenario and a workflow to begin with, and says what it took for granted. */
export async function initCommand(world: World, options: InitOptions): Promise<ExitCode> {
  const composeFile = options.compose ?? composeFileIn(world.cwd);
  const text = await readUserFile(resolve(world.cwd, composeFile), 'Compose file');
  const home = dirname(resolve(world.cwd, composeFile));
  const env = await readFile(join(home, '.env'), 'utf8').catch(() => '');
  const { nodes, remarks: ofFile } = composeNodes(
    text,
    composeFile,
    (name) => world.env[name] ?? envFileValue(env, name),
  );
  const remarks = [...ofFile, ...overrideRemarks(home)];
  if (nodes.length === 0) throw noNodes(composeFile, remarks);
  const start = {
    nodes,
    composeFile,
    project: await projectToName(world, home, text),
    configFile: options.config ?? 'config.yaml',
  };
  const files = startingFiles(start);
  if (options.force !== true) refuseThose(world, files);
  for (const file of files) await write(world, file);
  const paint = painter(world.stdout);
  for (const { path } of files) world.stdout.write(`${paint('green', 'wrote')} ${path}\n`);
  for (const remark of [...remarks, ...assumptionsOf(start)]) world.stdout.write(`- ${remark}\n`);
  world.stdout.write(
    'Next: `orch doctor`, then `orch run --scenario baseline --run-id calm` and `orch run --scenario first_failure --baseline calm`.\n',
  );
  return exitCode.passed;
}

function composeFileIn(directory: string): string {
  const found = composeFileNames.find((name) => existsSync(join(directory, name)));
  if (found !== undefined) return found;
  throw new OrchError('file-not-found', `there is no Compose file in ${directory}`, {
    hint: `Name it with --compose FILE. Looked for ${composeFileNames.join(', ')}.`,
  });
}

/** Files beside a Compose file that Compose puts upon it. */
function overrideRemarks(home: string): readonly string[] {
  return overrideFileNames
    .filter((name) => existsSync(join(home, name)))
    .map((name) => `${name} is not read: ports that it adds or changes are not seen.`);
}

/** The project's name where orch, asked from here, would find another. */
async function projectToName(world: World, home: string, text: string): Promise<string | null> {
  const { env } = world;
  const named = env['COMPOSE_PROJECT_NAME'] === undefined ? topLevelName(text) : undefined;
  const own = await composeProject({ project: named, env, directory: home, readName: topLevelName });
  const found = await composeProject({ env, directory: world.cwd, readName: topLevelName });
  return own === found ? null : own;
}

function refuseThose(world: World, files: readonly StartingFile[]): void {
  const there = files.map(({ path }) => path).filter((path) => existsSync(resolve(world.cwd, path)));
  if (there.length === 0) return;
  throw new OrchError(
    'file-exists',
    `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already`,
    {
      hint: 'Nothing was written. --force replaces them.',
    },
  );
}

function noNodes(file: string, remarks: readonly string[]): OrchError {
  return new OrchError('no-nodes', `${file} has no service that orch could load`, {
    details: remarks,
    hint: 'A node publishes a port on this machine, such as `ports: ["127.0.0.1:8001:8000"]`.',
  });
}

async function write(world: World, { path, text }: StartingFile): Promise<void> {
  const target = resolve(world.cwd, path);
  try {
    await mkdir(dirname(target), { recursive: true });
    await replaceFile(target, text);
  } catch (error) {
    throw ofThisDirectory(ioError(error, path, 'writing'));
  }
}

/** What is written is no run, so that runs elsewhere would be of no help. */
function ofThisDirectory(error: OrchError): OrchError {
  const { code, message, cause } = error;
  if (code !== 'no-permission' && code !== 'disk-full') return error;
  return new OrchError(code, message, {
    hint: 'orch init writes into the directory that it is called in: make that possible, or call it in another one with --compose FILE.',
    cause,
  });
}
