import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { type Config, configSchema } from '../model/config.ts';
import { errnoOf, OrchError } from '../model/errors.ts';
import type { PlacedGate } from '../model/gate.ts';
import { gateOf, type WrittenGate } from '../model/gate-schema.ts';
import { fragmentSchema, type Scenario, scenarioSchema } from '../model/scenario.ts';
import type { NodeSpec } from '../model/node.ts';
import type { TlsFile, TlsOptions } from '../model/workload.ts';
import { type ResolvedVariable, expandFragment, expandScenario } from './expand.ts';
import { withAbsolutePaths } from './absolute-paths.ts';
import { findScenario, readUserFile } from './files.ts';
import { unknownScopes } from './gate-scopes.ts';
import type { SourceFile } from './origins.ts';
import type { Outside } from './outside.ts';
import { wrongRedisCommands } from './redis-commands.ts';
import { wrongReferences } from './references.ts';
import { columnUses, wrongTemplates } from './request-templates.ts';
import { unknownTargets } from './targets.ts';
import { checkForm, type Further, sourceFile, type Validated, validated, validateYaml } from './validate.ts';

export interface LoadedConfig extends CheckedConfig {
  /** The file it came from; null where there is none and the defaults hold. */
  readonly path: string | null;
}

/**
 * A config with its gates, and where it names columns of its feeds, and files of TLS options: they are read where requests
 * are to be made.
 */
export interface CheckedConfig {
  readonly config: Config;
  readonly gates: readonly PlacedGate[];
  readonly columns: readonly PlacedColumn[];
  readonly tls: readonly PlacedTls[];
}

export interface PlacedColumn {
  readonly feed: string;
  readonly column: string;
  /** `config.yaml:12:7` */
  readonly place: string;
}

export interface PlacedTls {
  readonly options: TlsOptions;
  /** Where a file is named: `config.yaml:12:7`. */
  readonly placeOf: (file: TlsFile) => string;
}

/**
 * Reads config.yaml. A file that was named must exist; `config.yaml` in the working directory may be missing, then the defaults hold.
 * @throws OrchError `file-not-found`, `no-permission`, `yaml-invalid`
 */
export async function loadConfig(named: string | undefined, cwd: string): Promise<LoadedConfig> {
  const path = named ?? join(cwd, 'config.yaml');
  try {
    const text = await readUserFile(path, 'config file');
    return { ...validateConfig(text, named ?? 'config.yaml', dirname(resolve(cwd, path))), path };
  } catch (error) {
    const missing =
      error instanceof OrchError && error.code === 'file-not-found' && errnoOf(error.cause) === 'ENOENT';
    if (named === undefined && missing)
      return { config: configSchema.parse({}), gates: [], columns: [], tls: [], path: null };
    throw error;
  }
}

/**
 * @param directory Its own, from which it names files.
 * @throws OrchError `yaml-invalid`
 */
function validateConfig(text: string, file: string, directory: string): CheckedConfig {
  const { value, where, written } = validateYaml(text, file, configSchema);
  const wrong = [...wrongReferences(value), ...wrongRedisCommands(value), ...wrongTemplates(written)];
  if (wrong.length > 0)
    throw new OrchError('yaml-invalid', `${file} says what cannot be`, {
      details: wrong.map(({ path, message }) => `${where(path)}: ${message}`),
    });
  const columns = columnUses(written).map(({ path, ...use }) => ({ ...use, place: where(path) }));
  const config = withAbsolutePaths(value, directory);
  return { config, gates: placedGates(value.gates, where), columns, tls: placedTls(config, where) };
}

function placedTls(
  { http_workload, workloads }: Config,
  where: Validated<unknown>['where'],
): readonly PlacedTls[] {
  const named = Object.entries(workloads).map(
    ([name, { http }]) => [['workloads', name, 'http', 'tls'], http?.tls] as const,
  );
  return [[['http_workload', 'tls'], http_workload.tls] as const, ...named].flatMap(([path, options]) =>
    options === undefined ? [] : [{ options, placeOf: (file) => where([...path, file]) }],
  );
}

/** Gates of a file, each with its place. */
export function placedGates(
  gates: readonly WrittenGate[],
  where: Validated<unknown>['where'],
): readonly PlacedGate[] {
  return gates.map((written, index) => ({ gate: gateOf(written), place: where(['gates', index]) }));
}

/** A file as it was read. */
export interface KeptFile {
  readonly path: string;
  readonly sha256: string;
  readonly text: string;
}

export interface LoadedScenario extends Validated<Scenario>, KeptFile {
  readonly variables: readonly ResolvedVariable[];
  /** The fragments that are in it. */
  readonly includes: readonly KeptFile[];
  /** What is allowed but probably not meant. */
  readonly warnings: readonly string[];
}

export interface ScenarioSource {
  /** A path, or a name that is looked up in the directories. */
  readonly name: string;
  readonly directories: readonly string[];
  /** The nodes that its targets may name: in a scenario with other mistakes these are checked at once. Undefined where they are not known. */
  readonly nodes: readonly NodeSpec[] | undefined;
  /** What gives its variables their values, but for their defaults. */
  readonly outside: Outside;
}

/**
 * A scenario with its variables, fragments and templates put in.
 * @throws OrchError `file-not-found`, `no-permission`, `yaml-invalid`
 */
export async function loadScenario(source: ScenarioSource): Promise<LoadedScenario> {
  const { nodes } = source;
  const path = await findScenario(source.name, source.directories);
  const file = sourceFile(path, await readUserFile(path, 'scenario'));
  const expanded = await expandScenario(file, source.outside);
  const further: Further = (value) =>
    nodes === undefined ? [] : [...unknownTargets(value, nodes), ...unknownScopes(value, nodes)];
  const { variables, includes, warnings } = expanded;
  return {
    ...validated(expanded, scenarioSchema, expanded.mistakes, further),
    ...kept(file),
    variables,
    includes: includes.map(kept),
    warnings,
  };
}

/**
 * Checks a fragment by itself, as far as that can be done without values for its parameters.
 * @returns What is allowed but probably not meant.
 * @throws OrchError `file-not-found`, `no-permission`, `yaml-invalid`
 */
export async function checkFragment(path: string): Promise<readonly string[]> {
  const file = sourceFile(path, await readUserFile(path, 'fragment'));
  const expanded = await expandFragment(file);
  checkForm(expanded, fragmentSchema, expanded.mistakes);
  expanded.mistakes.refuse();
  return expanded.warnings;
}

function kept({ name, text }: SourceFile): KeptFile {
  return { path: name, sha256: createHash('sha256').update(text).digest('hex'), text };
}
