import { z } from 'zod';
import { engineAddress } from '../src/control/docker/address.ts';
import { createDockerDriver } from '../src/control/docker/docker.ts';
import type { Driver } from '../src/control/driver.ts';
import { createProcessDriver } from '../src/control/process/process.ts';
import { faults } from '../src/fault/box.ts';
import { type FaultKind, faultKinds, faultParameters } from '../src/model/fault-spec.ts';
import { simpleActions } from '../src/model/simple-action.ts';
import { isToxicKind } from '../src/proxy/toxic.ts';

/** Between these lines README has the table that `npm run docs` writes. */
const marks = ['<!-- faults: made by `npm run docs` -->', '<!-- end of faults -->'] as const;

/** README with the table of faults as the code has it. */
export function withFaultTable(readme: string): string {
  const [begin, end] = marks;
  const [before, rest] = readme.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined) throw new Error(`README has no ${begin} and ${end}`);
  return `${before}${begin}\n${faultTable()}\n${end}${after}`;
}

/** A row for each kind: its parameters with their defaults, what it does, by what means in which driver, what undoes it. */
function faultTable(): string {
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
  const head = ['fault', 'what it does', 'Docker', 'embedded', 'undone by'];
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
  properties: z.record(z.string(), z.looseObject({ default: z.union([z.string(), z.number()]).optional() })),
  required: z.array(z.string()).default([]),
});

/** Those that must be given by their names, others in brackets: with their defaults, where they have one. */
function parametersOf(kind: FaultKind): string {
  const { properties, required } = jsonSchema.parse(z.toJSONSchema(faultParameters[kind], { io: 'input' }));
  return Object.entries(properties)
    .map(([name, schema]) => {
      if (required.includes(name)) return `\`${name}\``;
      return schema.default === undefined ? `[\`${name}\`]` : `[\`${name}\`: ${schema.default}]`;
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
