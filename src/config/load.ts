import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Config, configSchema } from '../model/config.ts';
import { errnoOf, OrchError } from '../model/errors.ts';
import { type Scenario, scenarioSchema } from '../model/scenario.ts';
import type { NodeSpec } from '../model/node.ts';
import { suggestion } from './explain.ts';
import { findScenario, readUserFile } from './files.ts';
import { nodesOf } from './nodes.ts';
import { unknownTargets } from './targets.ts';
import { type Validated, validateYaml } from './validate.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** The file it came from; null where there is none and the defaults hold. */
  readonly path: string | null;
}

/**
 * Reads config.yaml. A file that was named must exist; `config.yaml` in the working directory may be missing, then the defaults hold.
 * @throws OrchError `file-not-found`, `no-permission`, `yaml-invalid`
 */
export async function loadConfig(named: string | undefined, cwd: string): Promise<LoadedConfig> {
  const path = named ?? join(cwd, 'config.yaml');
  try {
    const text = await readUserFile(path, 'config file');
    return { config: validateConfig(text, named ?? 'config.yaml'), path };
  } catch (error) {
    const missing =
      error instanceof OrchError && error.code === 'file-not-found' && errnoOf(error.cause) === 'ENOENT';
    if (named === undefined && missing) return { config: configSchema.parse({}), path: null };
    throw error;
  }
}

/** @throws OrchError `yaml-invalid` */
export function validateConfig(text: string, file: string): Config {
  const { value, where } = validateYaml(text, file, configSchema);
  const known = nodesOf(value).map(({ name }) => name);
  const strangers = Object.keys(value.nodes).filter((name) => !known.includes(name));
  if (strangers.length === 0) return value;
  throw new OrchError('yaml-invalid', `${file} names nodes under \`nodes\` that it does not have`, {
    details: strangers.map(
      (name) => `${where(['nodes', name])}: there is no node \`${name}\`${suggestion(name, known)}`,
    ),
  });
}

export interface LoadedScenario extends Validated<Scenario> {
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

export interface ScenarioSource {
  /** A path, or a name that is looked up in the directories. */
  readonly name: string;
  readonly directories: readonly string[];
  /** The nodes that its targets may name: in a scenario with other mistakes these are checked at once. Undefined where they are not known. */
  readonly nodes: readonly NodeSpec[] | undefined;
}

/** @throws OrchError `file-not-found`, `no-permission`, `yaml-invalid` */
export async function loadScenario({ name, directories, nodes }: ScenarioSource): Promise<LoadedScenario> {
  const path = await findScenario(name, directories);
  const text = await readUserFile(path, 'scenario');
  const validated = validateYaml(text, path, scenarioSchema, (value) =>
    nodes === undefined ? [] : unknownTargets(value, nodes),
  );
  return { ...validated, path, text, sha256: createHash('sha256').update(text).digest('hex') };
}
