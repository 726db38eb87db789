import { writeFileSync } from 'node:fs';
import { jsonSchema } from '../src/cli/schema-command.ts';
import { fileKinds } from '../src/config/editor-schema.ts';

/** Writes the JSON Schemas that the shipped YAML files point editors to. A test keeps them equal to the code. */
for (const kind of fileKinds) {
  writeFileSync(new URL(`../scenarios/schema/${kind}.json`, import.meta.url), jsonSchema(kind));
}
