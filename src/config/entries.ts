import { nearest } from '../model/nearest.ts';
import { includeSchema } from '../model/scenario.ts';
import { argumentsSchema, parameterSchema } from '../model/variables.ts';
import { z } from '../model/zod.ts';
import { bind, bindingOf, namesIn } from './declarations.ts';
import { Expander, type Expansion, heldBy, type Into, type Replace, type Site, within } from './expander.ts';
import { isMapping, suggestion, valueAt } from './explain.ts';
import type { ListKind } from './fragments.ts';
import { Origins } from './origins.ts';
import type { Binding, Scope } from './substitute.ts';
import { checkForm } from './validate.ts';
import type { YamlPath } from './yaml.ts';

const callSchemas = {
  include: includeSchema,
  use: z.strictObject({ use: z.string().min(1), with: argumentsSchema.optional() }),
} as const;

type CallKind = keyof typeof callSchemas;

/** An `include` or a `use` as it was written: what it names, and the values that it gives. */
interface Call {
  readonly site: Site;
  /** Where the name stands. */
  readonly nameSite: Site;
  readonly name: string;
  readonly values: ReadonlyMap<string, Binding>;
  /** Where `with` stands. */
  readonly withPath: YamlPath;
}

/** Makes an expander that puts fragments and templates in place of what names them. */
export function expanderOf(expansion: Expansion, origins: Origins): Expander {
  const entries = new Entries(expansion, origins);
  return entries.expander;
}

class Entries {
  readonly #expansion: Expansion;
  readonly #origins: Origins;
  readonly expander: Expander;

  constructor(expansion: Expansion, origins: Origins) {
    this.#expansion = expansion;
    this.#origins = origins;
    const replace: Replace = (item, site, kind, into) => {
      const call = callIn(item);
      if (call === undefined || !isMapping(item)) return undefined;
      if (call.kind === 'include') return this.#include(item, site, kind, into);
      return kind === 'phases' ? this.#use(item, call.key, site, into) : undefined;
    };
    this.expander = new Expander(expansion, origins, replace);
  }

  async #include(item: unknown, site: Site, kind: ListKind, into: Into): Promise<void> {
    const { mistakes, fragments } = this.#expansion;
    const call = await this.#call(item, 'include', site);
    if (call === undefined) return this.#leaveOut(site, into);
    const fragment = await fragments.include(call.name, site.chain);
    if (typeof fragment === 'string') mistakes.tell(call.nameSite, fragment);
    else if (fragment !== null && fragment.kind !== kind)
      mistakes.tell(call.nameSite, `${fragment.file.name} has ${fragment.kind}, but here stand ${kind}`);
    else if (fragment !== null) {
      const { file, parameters, path, items } = fragment;
      const chain = [...site.chain, file];
      const inside = { file, chain, templates: undefined, scope: new Map(), path: ['parameters'] };
      const scope = await this.#parametersOf(parameters, inside, call);
      return this.expander.items(items, { ...inside, scope, path }, kind, into);
    }
    this.#leaveOut(site, into);
  }

  async #use(item: Readonly<Record<string, unknown>>, key: string, site: Site, into: Into): Promise<void> {
    const isOwn = (name: string) => name !== key && name !== 'with';
    const named = Object.entries(item).filter(([name]) => !isOwn(name));
    const call = await this.#call(Object.fromEntries(named), 'use', site);
    const template = call === undefined ? undefined : this.#templateOf(call);
    const body = valueAt(template, ['phase']);
    // What is wrong with a template itself is told when its form is checked.
    if (call === undefined || !isMapping(body)) return this.#leaveOut(site, into);
    const place = [...into.at, into.list.length];
    this.#origins.record(place, { file: site.file, path: site.path });
    const inside = { ...site, path: ['templates', call.name, 'parameters'] };
    const scope = await this.#parametersOf(valueAt(template, ['parameters']), inside, call);
    const phase: Record<string, unknown> = {};
    for (const [name, part] of Object.entries({ ...body, ...item })) {
      if (!isOwn(name)) continue;
      const isHere = Object.hasOwn(item, name);
      const from = isHere
        ? within(site, name)
        : { ...site, scope, path: ['templates', call.name, 'phase', name] };
      this.#origins.record([...place, name], { file: from.file, path: from.path });
      phase[name] = await this.expander.value(part, from, [...place, name], heldBy('item', name));
    }
    into.list.push(phase);
  }

  #templateOf({ site, nameSite, name }: Call): unknown {
    const known = namesIn(site.templates);
    if (known.includes(name)) return valueAt(site.templates, [name]);
    const message =
      site.chain.length > 1
        ? 'a fragment has no templates; it can `include` another fragment'
        : `there is no template \`${name}\`${suggestion(name, known)}`;
    this.#expansion.mistakes.tell(nameSite, message);
    return undefined;
  }

  /** In place of what cannot be expanded, as is told: nothing is to be said of it in what is checked then. */
  #leaveOut({ file, path }: Site, { list, at }: Into): void {
    this.#origins.record([...at, list.length], { file, path, isUnknown: true });
    list.push(null);
  }

  async #call(item: unknown, kind: CallKind, site: Site): Promise<Call | undefined> {
    const origins = new Origins(site.file, site.path);
    const value = await new Expander(this.#expansion, origins).value(item, site, []);
    const form = checkForm({ value, origins }, callSchemas[kind], this.#expansion.mistakes);
    const name = valueAt(form.corrected, [kind]);
    if (typeof name !== 'string' || name === '') return undefined;
    const values = namesIn(valueAt(form.corrected, ['with'])).map((one) => {
      const path = form.asWritten(['with', one]);
      return [one, bindingOf(one, valueAt(value, path), path, origins)] as const;
    });
    return {
      site,
      name,
      nameSite: { ...site, path: [...site.path, ...form.asWritten([kind])] },
      values: new Map(values),
      withPath: [...site.path, ...form.asWritten(['with'])],
    };
  }

  async #parametersOf(
    section: unknown,
    inside: Site,
    { site, name, values, withPath }: Call,
  ): Promise<Scope> {
    const { mistakes } = this.#expansion;
    const known = namesIn(section);
    const at = { file: site.file, path: withPath };
    for (const given of values.keys())
      if (!known.includes(given))
        mistakes.tell(at, `${name} has no parameter \`${given}\`${suggestion(given, known)}`, given);
    return bind({
      section,
      schema: parameterSchema,
      outer: inside.scope,
      given: (parameter) => values.get(parameter),
      byDefault: defaultIn(this.#expansion, inside),
      missing: (parameter) => mistakes.tell(at, `${name} needs a value for its parameter \`${parameter}\``),
    });
  }
}

/** Makes bindings of the defaults of a section. */
export function defaultIn(expansion: Expansion, section: Site) {
  return async (name: string, given: unknown, scope: Scope): Promise<Binding> => {
    const site = { ...section, scope, path: [...section.path, name, 'default'] };
    const origins = new Origins(site.file, [...section.path, name]);
    const value = await new Expander(expansion, origins).value(given, site, ['default']);
    return bindingOf(name, value, ['default'], origins);
  };
}

/** Whether an item of a list stands for others, and by which key. A misspelt one counts where it can mean nothing else. */
function callIn(item: unknown): { readonly kind: CallKind; readonly key: string } | undefined {
  if (!isMapping(item)) return undefined;
  for (const kind of ['include', 'use'] as const) if (Object.hasOwn(item, kind)) return { kind, key: kind };
  if (['type', 'name', 'duration_sec', 'actions'].some((key) => Object.hasOwn(item, key))) return undefined;
  for (const kind of ['include', 'use'] as const) {
    const key = Object.keys(item).find((one) => nearest(one, [kind], 1 / 7) === kind);
    if (key !== undefined) return { kind, key };
  }
  return undefined;
}
