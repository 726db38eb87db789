import { validateYaml } from '../config/validate.ts';
import { OrchError } from '../model/errors.ts';
import type { z } from '../model/zod.ts';

/** The mistakes that a text has as `f.yaml`; none where it is valid. */
export function mistakesIn(text: string, schema: z.ZodType): readonly string[] {
  return mistakesOf(() => validateYaml(text, 'f.yaml', schema));
}

/** Those for which YAML is refused. */
export function mistakesOf(validate: () => unknown): readonly string[] {
  try {
    validate();
  } catch (error) {
    if (error instanceof OrchError && error.code === 'yaml-invalid') return error.details;
    throw error;
  }
  return [];
}
