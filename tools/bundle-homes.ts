import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * Puts into the built file of a library’s home what that takes of the library: zod and yaml come in a hundred files each, and to
 * find and read these one by one is most of what a start takes. Part of `npm run build`.
 */
const homes = [
  { file: 'model/zod.js', library: 'zod' },
  { file: 'config/yaml.js', library: 'yaml' },
  { file: 'cli/program.js', library: 'commander' },
] as const;
const root = join(import.meta.dirname, '..');
const nothing = '\0nothing';

for (const { file, library } of homes) {
  const path = join(root, 'dist', file);
  const bundle = await rolldown({
    input: path,
    platform: 'node',
    // Our own modules stay as they are: each of them is there once.
    external: (id, importer) => importer === path && id.startsWith('.'),
    plugins: [
      {
        name: 'without-locales',
        // zod’s messages in sixty languages; English comes another way.
        resolveId: (id) => (id.endsWith('/locales/index.js') ? nothing : null),
        load: (id) => (id === nothing ? 'export {};' : null),
      },
    ],
  });
  const license = readFileSync(join(root, 'node_modules', library, 'LICENSE'), 'utf8');
  await bundle.write({ file: path, banner: `/*!\n${library}\n\n${license}*/` });
  // It was of the file as it was before.
  rmSync(`${path}.map`, { force: true });
}
