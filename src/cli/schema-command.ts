import { editorSchema, type FileKind, fileKinds } from '../config/editor-schema.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import type { World } from './world.ts';

/** The JSON Schema of one kind of file, as editors want it. */
export function jsonSchema(kind: FileKind): string {
  return `${JSON.stringify(editorSchema(kind), null, 2)}\n`;
}

/** @throws OrchError `usage` */
export async function schemaCommand(world: World, kind: string): Promise<ExitCode> {
  const known = fileKinds.find((one) => one === kind);
  if (known === undefined) {
    throw new OrchError('usage', `there is no schema \`${kind}\``, {
      hint: `${fileKinds.map((one) => `orch schema ${one}`).join(', ')}.`,
    });
  }
  world.stdout.write(jsonSchema(known));
  return exitCode.passed;
}
