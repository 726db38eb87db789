import { z } from 'zod';
import { configSchema } from '../model/config.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import { scenarioSchema } from '../model/scenario.ts';
import type { World } from './world.ts';

export const schemas = { scenario: scenarioSchema, config: configSchema } as const;

/** The JSON Schema of one kind of file, as editors want it. */
export function jsonSchema(kind: keyof typeof schemas): string {
  return `${JSON.stringify(z.toJSONSchema(schemas[kind], { io: 'input' }), null, 2)}\n`;
}

/** @throws OrchError `usage` */
export async function schemaCommand(world: World, kind: string): Promise<ExitCode> {
  if (kind !== 'scenario' && kind !== 'config') {
    throw new OrchError('usage', `there is no schema \`${kind}\``, {
      hint: 'orch schema scenario, or orch schema config.',
    });
  }
  world.stdout.write(jsonSchema(kind));
  return exitCode.passed;
}
