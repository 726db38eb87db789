import type { YamlPath } from '../config/yaml.ts';
import type { Json } from '../model/disturber.ts';
import { variableName } from '../model/variables.ts';
import type { Part } from './context.ts';
import type { Experiment, Setting } from './experiment.ts';
import type { Ledger } from './ledger.ts';
import { literal } from './template.ts';

const types = ['str', 'string', 'int', 'integer', 'float', 'number', 'bool'];

/** The variables of a scenario, from an experiment's configuration and secrets. */
export function variables(experiment: Pick<Experiment, 'configuration' | 'secrets'>, ledger: Ledger): Part {
  const found = new Map<string, Json>();
  const declare = (name: string, path: YamlPath, make: () => Json) => {
    if (!variableName.test(name)) ledger.tell(path, `no \`\${…}\` can name \`${name}\`: it is left out`);
    else if (found.has(name)) ledger.tell(path, `\`${name}\` is declared before this, and that counts`);
    else found.set(name, make());
  };
  for (const [name, setting] of Object.entries(experiment.configuration ?? {}))
    declare(name, ['configuration', name], () => configured(setting, ['configuration', name], ledger));
  for (const [group, secrets] of Object.entries(experiment.secrets ?? {})) {
    const path = ['secrets', group];
    if (!isMapping(secrets) || isLookUp(secrets))
      ledger.refuse(path, 'a secret stands in a group of secrets: only there can `${…}` name it');
    else
      for (const [name, setting] of Object.entries(secrets))
        declare(name, [...path, name], () => secret(name, setting, [...path, name], ledger));
  }
  return Object.fromEntries(found);
}

/** Whether a variable is one whose value is neither shown nor stored. */
export function isSecret(declaration: Json | undefined): boolean {
  return declaration !== undefined && isMapping(declaration) && declaration['secret'] === true;
}

function configured(setting: Setting, path: YamlPath, ledger: Ledger): Json {
  const plain = plainValue(setting);
  if (plain !== null) return plain;
  const needed = { required: true };
  if (!isMapping(setting) || setting['type'] !== 'env') {
    const what =
      isMapping(setting) && setting['type'] === 'probe' ? 'a value that a probe finds out' : 'such a value';
    ledger.refuse(
      path,
      `${what} cannot be imported: only texts, numbers, true, false and lists of these, and \`env\``,
    );
    return needed;
  }
  const type = setting['env_var_type'];
  if (type !== undefined && type !== null && !types.some((one) => one === type))
    ledger.refuse(
      [...path, 'env_var_type'],
      `an environment variable cannot be read as ${JSON.stringify(type)}`,
    );
  const byDefault = plainValue(setting['default'] ?? null);
  return {
    ...fromEnv(setting['key'], path, ledger),
    ...(byDefault === null ? needed : { default: byDefault }),
  };
}

function secret(name: string, setting: Json, path: YamlPath, ledger: Ledger): Json {
  const needed = { required: true, secret: true };
  if (isMapping(setting) && setting['type'] === 'env')
    return { ...fromEnv(setting['key'], path, ledger), ...needed };
  if (typeof setting === 'object') {
    const kind = isMapping(setting) ? setting['type'] : undefined;
    ledger.refuse(
      path,
      `a secret ${kind === undefined ? 'of this form' : `from ${JSON.stringify(kind)}`} cannot be imported, only one from \`env\``,
    );
  } else {
    const message = `its value is not copied: give it as ORCH_VAR_${name.toUpperCase()}, or by --set ${name}=…`;
    ledger.remark(path, needed, message);
  }
  return needed;
}

function fromEnv(key: Json | undefined, path: YamlPath, ledger: Ledger): Part {
  if (typeof key === 'string' && variableName.test(key)) return { from_env: key };
  ledger.refuse(path, 'it needs a `key`: the name of an environment variable');
  return {};
}

/** A value that a variable can have as it stands; null where it is none. */
function plainValue(setting: Json): Json | null {
  if (typeof setting === 'string') return literal(setting);
  if (typeof setting === 'number' || typeof setting === 'boolean') return setting;
  if (!Array.isArray(setting)) return null;
  const values = setting.map(plainValue);
  return values.every((value) => value !== null && typeof value !== 'object') ? values : null;
}

function isLookUp(setting: Part): boolean {
  return setting['type'] === 'env' || setting['type'] === 'vault';
}

function isMapping(setting: Json): setting is Part {
  return setting !== null && typeof setting === 'object' && !Array.isArray(setting);
}
