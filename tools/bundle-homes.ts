import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * Puts into the built file of a library’s home what that takes of the library: most come in a hundred files each, and to
 * find and read these one by one is most of what a start takes. Part of `npm run build`.
 */
const homes = [
  'model/zod.js',
  'config/yaml.js',
  'cli/program.js', // commander
  'target/undici.js',
  'target/ioredis.js',
] as const;
const root = join(import.meta.dirname, '..');
const nothing = '\0nothing';
/** zod’s messages in sixty languages, where English comes another way; the colours of what ioredis tells its own developers. */
const unneeded = /\/locales\/index\.js$|^supports-color$/;

for (const file of homes) {
  const path = join(root, 'dist', file);
  const bundle = await rolldown({
    input: path,
    platform: 'node',
    // Our own modules stay as they are: each of them is there once.
    external: (id, importer) => importer === path && id.startsWith('.'),
    plugins: [
      {
        name: 'without-unneeded',
        resolveId: (id) => (unneeded.test(id) ? nothing : null),
        load: (id) => (id === nothing ? 'export {};' : null),
      },
    ],
  });
  await bundle.write({ file: path, banner: ({ moduleIds }) => licensesOf(moduleIds) });
  // It was of the file as it was before.
  rmSync(`${path}.map`, { force: true });
}

/** Of each package that these modules are of. */
function licensesOf(modules: readonly string[]): string {
  const packages = modules.map((id) => /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)(?=\/)/.exec(id));
  const homeOf = new Map(
    packages.flatMap((found) => (found?.[1] === undefined ? [] : [[found[1], found[0]]])),
  );
  return [...homeOf].map(([name, home]) => `/*!\n${name}\n\n${licenseIn(home)}*/`).join('\n');
}

/** @throws Error where there is none */
function licenseIn(home: string): string {
  const name = readdirSync(home).find((file) => /^licen[cs]e/i.test(file));
  if (name === undefined) throw new Error(`${home} has no license`);
  return readFileSync(join(home, name), 'utf8');
}
