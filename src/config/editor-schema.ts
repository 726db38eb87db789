import { actionSchema } from '../model/action.ts';
import { configSchema } from '../model/config.ts';
import { fragmentSchema, includeSchema, phaseSchema, scenarioSchema, useSchema } from '../model/scenario.ts';
import { parameterSchema, variableSchema, variableValueSchema } from '../model/variables.ts';
import { z } from '../model/zod.ts';

export const fileKinds = ['scenario', 'fragment', 'config'] as const;

export type FileKind = (typeof fileKinds)[number];

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A text in which a variable stands. */
const withVariable = { type: 'string', pattern: '\\$\\{' } as const;
/** Below these there are values as they are, or the variables themselves. */
const literalKeys: ReadonlySet<string | number> = new Set(['variables', 'parameters', 'with']);

/**
 * The JSON Schema of a kind of file as it is written, for editors: with `${name}` where numbers and the like are, and
 * with what may stand in place of phases and actions.
 */
export function editorSchema(kind: FileKind): object {
  if (kind === 'config') return z.toJSONSchema(configSchema, { io: 'input' });
  const parts = z.object({
    file: kind === 'scenario' ? scenarioSchema : fragmentSchema,
    include: includeSchema,
    use: useSchema,
  });
  const { $schema, $defs, properties } = z.toJSONSchema(parts, {
    io: 'input',
    override: ({ zodSchema, jsonSchema, path }) => {
      const others = inPlaceOf(zodSchema);
      const isLiteral = path.some((key) => literalKeys.has(key));
      if (others.length > 0) offer(jsonSchema, others);
      else if (!isLiteral && isValue(jsonSchema)) offer(jsonSchema, [withVariable]);
    },
  });
  const { file, include = {}, use = {} } = properties ?? {};
  return { $schema, ...(typeof file === 'object' ? file : {}), $defs: { ...$defs, include, use } };
}

/** What may be written in place of a part that is no plain value. */
function inPlaceOf(schema: unknown): readonly JsonSchema[] {
  if (schema === phaseSchema) return [{ $ref: '#/$defs/include' }, { $ref: '#/$defs/use' }];
  if (schema === actionSchema) return [{ $ref: '#/$defs/include' }];
  if (schema !== variableSchema && schema !== parameterSchema) return [];
  const { $schema: _, ...short } = z.toJSONSchema(variableValueSchema);
  return [short];
}

/** Whether a text in its place would be a mistake but for a variable in it. */
function isValue({ type, enum: words, items }: JsonSchema): boolean {
  if (type === 'array') return typeof items === 'object' && 'type' in items && items.type === 'string';
  return type === 'number' || type === 'integer' || type === 'boolean' || words !== undefined;
}

/** Makes of a schema, in its place, one of several. */
function offer(schema: JsonSchema, others: readonly JsonSchema[]): void {
  const own = { ...schema };
  for (const key of ['id', 'description', 'default']) delete own[key];
  for (const key of Object.keys(own)) delete schema[key];
  schema.anyOf = [own, ...others];
}
