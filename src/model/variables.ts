import { z } from './zod.ts';

/** Named values of a scenario file, and what a fragment or a template takes in: `name: default`, or the long form. */

/** What a variable may be called; in a text it is `${name}`. */
export const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

const scalars = [z.number(), z.string(), z.boolean()] as const;

export const variableValueSchema = z.union([...scalars, z.array(z.union(scalars))]);

/** What is shown and stored in the place of a secret. */
export const hiddenValue = '***';

export type VariableValue = z.output<typeof variableValueSchema>;

const name = z.string().regex(variableName, 'a name is made of letters, digits and `_`');
const common = {
  default: variableValueSchema.optional().describe('Its value where none is given.'),
  required: z.literal(true).optional().describe('It has no default: a value must be given.'),
  description: z.string().optional().describe('What it is for, for people.'),
} as const;
const eitherOr = 'must have a `default`, or `required: true`';

/** The long form of a variable. The short one, its default alone, is turned into it before it is checked. */
export const variableSchema = z
  .strictObject({
    ...common,
    from_env: z
      .string()
      .regex(variableName, 'must be the name of an environment variable')
      .optional()
      .describe('The environment variable that may give its value, in place of ORCH_VAR_<NAME>.'),
    secret: z
      .boolean()
      .default(false)
      .describe('Its value is text as it was given, and is shown and stored as `***`.'),
  })
  .superRefine((variable, context) => {
    const hasDefault = variable.default !== undefined;
    if (variable.secret && hasDefault) {
      const message = 'a default would be kept with the run: `required: true` takes its place';
      context.addIssue({ code: 'custom', path: ['secret'], message });
    } else if (hasDefault === (variable.required === true))
      context.addIssue({ code: 'custom', message: eitherOr });
  });

/** The long form of a parameter. */
export const parameterSchema = z.strictObject(common).superRefine((parameter, context) => {
  if ((parameter.default !== undefined) === (parameter.required === true))
    context.addIssue({ code: 'custom', message: eitherOr });
});

export const variablesSchema = z
  .record(name, variableSchema)
  .describe(
    'Values with a name, for `${name}` anywhere in the file: weakest first the default, the environment, --set.',
  );
export const parametersSchema = z
  .record(name, parameterSchema)
  .describe('What is to be given by `with`, for `${name}` within.');
export const argumentsSchema = z
  .record(z.string(), variableValueSchema)
  .describe('The values of its parameters.');
