import { nearest } from '../model/nearest.ts';
import { hiddenValue } from '../model/variables.ts';
import { scenarioSchema, templatesSchema } from '../model/scenario.ts';
import { shownText } from '../model/shown-text.ts';
import { parameterSchema, type VariableValue, variableSchema } from '../model/variables.ts';
import { z } from '../model/zod.ts';
import { bind, longForms, namesIn, withPart } from './declarations.ts';
import { defaultIn, expanderOf } from './entries.ts';
import { type Expander, type Expansion, heldBy, type Site, within } from './expander.ts';
import { isMapping, suggestion, valueAt } from './explain.ts';
import { Fragments, fragmentValue } from './fragments.ts';
import { Origins, placeText, type SourceFile } from './origins.ts';
import { envName, givenFrom, type Outside, parseSet } from './outside.ts';
import type { Binding, Scope } from './substitute.ts';
import { Mistakes } from './told.ts';
import { checkForm, type Located, withoutEmptySections } from './validate.ts';
import type { YamlPath } from './yaml.ts';

/** What a variable of a scenario came to be. */
export interface ResolvedVariable {
  readonly name: string;
  /** `***` for a secret, and for what one is part of. */
  readonly value: VariableValue;
  /** Such as `--set rps=200`, or the place of its default. */
  readonly from: string;
}

/** A file as one value, in which nothing stands for anything else any more. Its form is not checked yet. */
export interface Expanded extends Located {
  /** What was wrong so far. */
  readonly mistakes: Mistakes;
  readonly variables: readonly ResolvedVariable[];
  /** The fragments that are in it, in the order in which they were read. */
  readonly includes: readonly SourceFile[];
  /** What is allowed but probably not meant. */
  readonly warnings: readonly string[];
}

/** One file that is being expanded. */
interface Work {
  readonly file: SourceFile;
  readonly origins: Origins;
  readonly expansion: Expansion;
  readonly expander: Expander;
  /** Where the names that it declares stand. */
  readonly declared: Map<Binding, YamlPath>;
}

/**
 * A scenario with its variables, fragments and templates put in.
 * @throws OrchError `yaml-invalid` for what is no YAML or grows without end
 */
export async function expandScenario(file: SourceFile, outside: Outside): Promise<Expanded> {
  const work = begin(file);
  const { origins, expander } = work;
  const written = withoutEmptySections(file.yaml.value, scenarioSchema);
  const variablesKey = keyMeant('variables', written);
  const variables = longForms(valueAt(written, [variablesKey]), [variablesKey], origins);
  const scope = await bindVariables(work, variables, siteOf(file, [variablesKey]), outside);
  const templatesKey = keyMeant('templates', written);
  const phasesKey = keyMeant('phases', written);
  const templates = await mapParts(valueAt(written, [templatesKey]), async (template, name) =>
    withPart(template, 'parameters', (section) =>
      longForms(section, [templatesKey, name, 'parameters'], origins),
    ),
  );
  const site = { ...siteOf(file, [], scope), templates };
  const value = await mapParts(written, async (part, key) => {
    if (key === variablesKey) return variables;
    if (key === templatesKey) return checkTemplates(work, templates, within(site, key));
    return expander.value(part, within(site, key), [key], key === phasesKey ? 'phases' : 'values');
  });
  const resolved = [...scope.values()].map(({ name, value: found = '', from, secrets }) => ({
    name,
    value: secrets.length > 0 ? hiddenValue : found,
    from,
  }));
  return { ...finish(work, value), variables: resolved };
}

/** A fragment by itself: parameters that need a value have none, and what depends on them is not judged. */
export async function expandFragment(file: SourceFile): Promise<Expanded> {
  const work = begin(file);
  const written = fragmentValue(file, work.origins);
  const scope = await bindParameters(work, valueAt(written, ['parameters']), siteOf(file, ['parameters']));
  const value = await mapParts(written, async (part, key) => {
    if (key === 'parameters') return part;
    const holds = key === 'phases' ? key : heldBy('item', key);
    return work.expander.value(part, siteOf(file, [key], scope), [key], holds);
  });
  return finish(work, value);
}

/** @throws OrchError `yaml-invalid` */
function begin(file: SourceFile): Work {
  const mistakes = new Mistakes(file.name);
  if (!mistakes.isYaml(file)) mistakes.refuse();
  const origins = new Origins(file);
  const expansion = { mistakes, fragments: new Fragments(mistakes), used: new Set<Binding>(), count: 0 };
  return { file, origins, expansion, expander: expanderOf(expansion, origins), declared: new Map() };
}

function finish({ file, origins, expansion, declared }: Work, value: unknown): Expanded {
  const { mistakes, fragments, used } = expansion;
  const unused = [...declared].filter(([binding]) => !used.has(binding));
  const warnings = unused.map(
    ([{ name }, path]) => `${placeText({ file, path })}: \`${name}\` is declared, and used nowhere`,
  );
  return { value, origins, mistakes, variables: [], includes: fragments.files, warnings };
}

async function bindVariables(
  work: Work,
  section: unknown,
  site: Site,
  { set, env }: Outside,
): Promise<Scope> {
  const { file, declared, expansion } = work;
  const { mistakes } = expansion;
  const { values: options, mistakes: wrong } = parseSet(set);
  for (const message of wrong) mistakes.tellUnplaced(message);
  const known = namesIn(section);
  for (const name of options.keys())
    if (!known.includes(name))
      mistakes.tellUnplaced(`--set ${shownText(name)}: there is no such variable${suggestion(name, known)}`);
  const scope = await bind({
    section,
    schema: variableSchema,
    outer: site.scope,
    given: givenFrom(options, env),
    byDefault: defaultIn(expansion, site),
    missing: (name, declaration) => {
      const ways = `--set ${name}=…, or ${envName(name, declaration)} in the environment`;
      mistakes.tell({ file, path: [...site.path, name] }, `\`${name}\` needs a value: ${ways}`);
    },
  });
  for (const binding of scope.values()) {
    declared.set(binding, [...site.path, binding.name]);
    for (const secret of binding.secrets) mistakes.hide(secret);
  }
  return scope;
}

/** Parameters where no values are given. */
async function bindParameters({ expansion, declared }: Work, section: unknown, site: Site): Promise<Scope> {
  const scope = await bind({
    section,
    schema: parameterSchema,
    outer: site.scope,
    given: () => undefined,
    byDefault: defaultIn(expansion, site),
    missing: () => {},
  });
  for (const name of namesIn(section)) {
    const binding = scope.get(name);
    if (binding !== undefined) declared.set(binding, [...site.path, name]);
  }
  return scope;
}

/**
 * Checks templates as they stand, so that their mistakes are told whether they are used or not. Once they are in the
 * phases that use them, nothing more is to come of them, and nothing is left of them.
 */
async function checkTemplates(work: Work, templates: unknown, site: Site): Promise<unknown> {
  const value = await mapParts(templates, async (template, name) => {
    const here = within(site, name);
    const scope = await bindParameters(work, valueAt(template, ['parameters']), within(here, 'parameters'));
    const body = { ...within(here, 'phase'), scope };
    const phase = await work.expander.value(valueAt(template, ['phase']), body, body.path, 'item');
    return withPart(template, 'phase', () => phase);
  });
  // Under another key they are a mistake, which is told with the rest.
  if (site.path[0] !== 'templates') return value;
  const { origins, expansion } = work;
  checkForm(
    { value: { templates: value }, origins },
    z.object({ templates: templatesSchema }),
    expansion.mistakes,
  );
  return undefined;
}

function siteOf(file: SourceFile, path: YamlPath, scope: Scope = new Map()): Site {
  return { file, path, scope, chain: [file], templates: undefined };
}

/** The key of a section as it was written: misspelt, where that can mean nothing else. */
function keyMeant(key: string, value: unknown): string {
  const keys = namesIn(value);
  return keys.includes(key)
    ? key
    : (keys.find((one) => nearest(one, Object.keys(scenarioSchema.shape)) === key) ?? key);
}

async function mapParts(
  value: unknown,
  change: (part: unknown, key: string) => Promise<unknown>,
): Promise<unknown> {
  if (!isMapping(value)) return value;
  const parts: [string, unknown][] = [];
  for (const [key, part] of Object.entries(value)) parts.push([key, await change(part, key)]);
  return Object.fromEntries(parts);
}
