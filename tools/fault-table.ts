import { z } from 'zod';
import { engineAddress } from '../src/control/docker/address.ts';
import { createDockerDriver } from '../src/control/docker/docker.ts';
import type { Driver } from '../src/control/driver.ts';
import { createProcessDriver } from '../src/control/process/process.ts';
import { faults } from '../src/fault/box.ts';
import { type FaultKind, faultKinds, faultParameters } from '../src/model/fault-spec.ts';
import { requestErrors } from '../src/model/request-error.ts';
import { simpleActions } from '../src/model/simple-action.ts';
import { isToxicKind } from '../src/proxy/toxic.ts';

/** A row for each kind: its parameters with their defaults, what it does, by what means in which driver, what undoes it. */
export function faultTable(): string {
  const drivers = [
    createDockerDriver({ address: engineAddress({}), project: '' }),
    createProcessDriver({ directory: '', searchPath: '' }),
  ];
  const rows = faultKinds.map((kind) => {
    const { type, does } = actionOf(kind);
    const parameters = parametersOf(kind);
    const head = parameters === '' ? `\`${type}\`` : `\`${type}\` (${parameters})`;
    return [head, does, ...drivers.map((driver) => meansOf(kind, driver)), faults[kind].undoneBy];
  });
  return tableOf(['fault', 'what it does', 'Docker', 'embedded', 'undone by'], rows);
}

/** A row for each parameter of each kind: its default, or that it must be given, and what it is. */
export function parameterTable(): string {
  const rows = faultKinds.flatMap((kind) =>
    shapeOf(kind).map(({ name, isRequired, byDefault = '', means }) => [
      `\`${actionOf(kind).type}\``,
      `\`${name}\``,
      isRequired ? 'must be given' : `${byDefault}`,
      means,
    ]),
  );
  return tableOf(['fault', 'parameter', 'default', 'what it is'], rows);
}

/** A row for each name that orch itself has for what went wrong with a request. */
export function requestErrorTable(): string {
  const rows = Object.entries(requestErrors).map(([name, means]) => [`\`${name}\``, means]);
  return tableOf(['`error`', 'what went wrong'], rows);
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const [first, ...others] = [head, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [first, `|${'---|'.repeat(head.length)}`, ...others].join('\n');
}

/** The action that injects a fault of that kind, and what its description says beside the undo. */
function actionOf(kind: FaultKind): { readonly type: string; readonly does: string } {
  for (const action of simpleActions) {
    const type = action.shape.type.value;
    if (type !== kind && type !== `${kind}_node`) continue;
    return { type, does: (action.description ?? '').replace(/ Undone by [^.]+\.$/, '').replace(/\.$/, '') };
  }
  throw new Error(`no action injects ${kind}`);
}

const jsonSchema = z.looseObject({
  properties: z.record(
    z.string(),
    z.looseObject({
      default: z.union([z.string(), z.number()]).optional(),
      description: z.string(),
    }),
  ),
  required: z.array(z.string()).default([]),
});

interface Parameter {
  readonly name: string;
  readonly isRequired: boolean;
  readonly byDefault: string | number | undefined;
  readonly means: string;
}

/** In the order of the schema. */
function shapeOf(kind: FaultKind): readonly Parameter[] {
  const { properties, required } = jsonSchema.parse(z.toJSONSchema(faultParameters[kind], { io: 'input' }));
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    isRequired: required.includes(name),
    byDefault: schema.default,
    means: schema.description,
  }));
}

/** Those that must be given by their names, others in brackets: with their defaults, where they have one. */
function parametersOf(kind: FaultKind): string {
  return shapeOf(kind)
    .map(({ name, isRequired, byDefault }) => {
      if (isRequired) return `\`${name}\``;
      return byDefault === undefined ? `[\`${name}\`]` : `[\`${name}\`: ${byDefault}]`;
    })
    .join(', ');
}

/** The preferred first; a dash where there is none. */
function meansOf(kind: FaultKind, { disturbers }: Driver): string {
  const means = disturbers.flatMap(({ kinds, means: name }) => (includes(kinds, kind) ? [name] : []));
  if (isToxicKind(kind)) means.push('proxy');
  if (means.length > 0) return means.join(', else ');
  return includes(['kill', 'stop', 'pause', 'restart'], kind) ? 'yes' : '–';
}

function includes(kinds: readonly string[], kind: string): boolean {
  return kinds.includes(kind);
}
