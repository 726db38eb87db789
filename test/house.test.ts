import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonSchema } from '../src/cli/schema-command.ts';
import { fileKinds } from '../src/config/editor-schema.ts';
import { errorCatalogue } from '../src/model/errors.ts';
import { scenarioSchema } from '../src/model/scenario.ts';
import { followers } from '../src/run/fault-life.ts';
import { apart, levels, sdkHomes } from '../tools/import-law.ts';
import { madeParts, withMade } from '../tools/made-parts.ts';

const root = join(import.meta.dirname, '..');
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(root, 'src', path), 'utf8') }));
const isTest = (path: string) => path.endsWith('.test.ts') || path.endsWith('.contract.ts');
const production = files.filter(({ path }) => !isTest(path) && roomOf(path) !== 'testing');

function roomOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function levelOf(room: string): number {
  return levels.findIndex((level) => level.includes(room));
}

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

/** The rooms that a file reaches into, its own left out. */
function roomsReached(path: string, text: string): readonly string[] {
  return importsOf(text)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => roomOf(normalize(join(dirname(path), specifier))))
    .filter((room) => room !== roomOf(path));
}

function offenders(
  rule: (file: { path: string; text: string }) => readonly string[],
  among = production,
): string[] {
  return among.flatMap((file) => rule(file).map((what) => `src/${file.path}: ${what}`));
}

describe('the house', () => {
  it('has every room on a level, or apart', () => {
    const rooms = new Set(files.map(({ path }) => roomOf(path)));
    expect([...rooms].sort()).toEqual([...levels.flat(), ...apart].sort());
  });

  it('imports downward only; nobody imports testing/ or demo/', () => {
    expect(
      offenders(({ path, text }) =>
        roomsReached(path, text)
          .filter((room) => apart.includes(room) || levelOf(room) >= levelOf(roomOf(path)))
          .map((room) => `imports ${room}; imports go downward only, see src/README.md`),
      ),
    ).toEqual([]);
  });

  it('has one home for each SDK', () => {
    expect(
      offenders(({ path, text }) =>
        importsOf(text).flatMap((specifier) => {
          const sdk = Object.keys(sdkHomes).find(
            (name) => specifier === name || specifier.startsWith(`${name}/`),
          );
          return sdk === undefined || path.startsWith(sdkHomes[sdk] ?? path)
            ? []
            : [`imports ${sdk}; its home is ${sdkHomes[sdk]}`];
        }),
      ),
    ).toEqual([]);
    const imported = new Set(production.flatMap(({ text }) => importsOf(text)));
    const used = (name: string) =>
      [...imported].some((specifier) => specifier === name || specifier.startsWith(`${name}/`));
    expect(Object.keys(sdkHomes).filter((name) => !used(name))).toEqual([]);
  });

  it('touches the process only where it begins, and where it makes other processes', () => {
    const allowed = (path: string) =>
      ['main.ts', 'guardian.ts', 'demo/main.ts', 'clock/shared.ts'].includes(path) ||
      roomOf(path) === 'control';
    expect(
      offenders(({ path, text }) =>
        !allowed(path) &&
        /(^|[^\w./'`])process\.\w|from 'node:process'/m.test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''))
          ? ['touches process; it is handed what it needs as arguments']
          : [],
      ),
    ).toEqual([]);
  });

  it('keeps files small and exports explicit', () => {
    expect(
      offenders(({ text }) => (text.split('\n').length > 251 ? ['has more than 250 lines; split it'] : [])),
    ).toEqual([]);
    expect(offenders(({ text }) => (/export \* /.test(text) ? ['re-exports with a wildcard'] : []))).toEqual(
      [],
    );
  });
});

const pages = globSync(['*.md', '{bench,docs,src}/**/*.md'], { cwd: root });

/** What a page links to, shows as a picture with it; but not what stands as code. */
function linksOf(page: string): readonly string[] {
  const prose = readFileSync(join(root, page), 'utf8').replaceAll(/^```[^]*?^```|`[^`\n]*`/gm, 'code');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
}

/** The anchors of a page: each heading in small letters, with hyphens for spaces and without other marks. */
function anchorsOf(page: string): readonly string[] {
  const prose = readFileSync(join(root, page), 'utf8').replaceAll(/^```[^]*?^```/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Whether a link leads somewhere: to a file of this repository and, where it names one, a heading in it. */
function leads(page: string, link: string): boolean {
  if (/^https?:/.test(link)) return true;
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  return existsSync(join(root, file)) && (anchor === undefined || anchorsOf(file).includes(anchor));
}

describe('the documents', () => {
  it.each(pages)('links: those of %s lead to a file that is there, and to a heading in it', (page) => {
    expect(linksOf(page).filter((link) => !leads(page, link))).toEqual([]);
  });

  it('README: leads to everything in docs/', () => {
    const named = linksOf('README.md').filter((link) => link.startsWith('docs/'));
    const paths = new Set(named.map((link) => link.split('#')[0]));
    expect([...paths].sort()).toEqual(
      readdirSync(join(root, 'docs'), { encoding: 'utf8' })
        .map((name) => `docs/${name}`)
        .sort(),
    );
  });

  it('scenarios: the keys at the top of one are those of the schema', () => {
    const text = readFileSync(join(root, 'docs/scenarios.md'), 'utf8');
    const [, section = ''] = /^## The top of a scenario\n([^]*?)^## /m.exec(text) ?? [];
    const named = [...section.matchAll(/^\| (`.+?`) \|/gm)].flatMap((row) =>
      (row[1] ?? '').replaceAll('`', '').split(', '),
    );
    expect(named.sort()).toEqual(Object.keys(scenarioSchema.shape).sort());
  });

  it('map: src/README.md names every room on its level, and none that is not there', () => {
    const map = readFileSync(join(root, 'src/README.md'), 'utf8');
    const rows = [...map.matchAll(/^\| (\d) \| `([\w.]+)\/?` \|/gm)].map((row) => [row[2], Number(row[1])]);
    expect(rows.sort()).toEqual(
      levels.flatMap((level, height) => level.map((room) => [room, height])).sort(),
    );
    for (const room of apart) expect(map).toContain(`\`${room}/\``);
  });

  it('map: every file that it names is there', () => {
    const map = readFileSync(join(root, 'src/README.md'), 'utf8');
    const named = [...map.matchAll(/`(\w+\/[\w.-]+\.ts)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(5);
    const paths = new Set(files.map(({ path }) => path));
    const outside = (path: string) => path.startsWith('tools/') || path.startsWith('test/');
    expect(named.filter((path) => !paths.has(path) && !outside(path))).toEqual([]);
  });

  it('map: its table of a fault’s life is the one that the code goes by', () => {
    const map = readFileSync(join(root, 'src/README.md'), 'utf8');
    const rows = [...map.matchAll(/^\| `([a-z_]+)` \| .+ \| (nothing|`[a-z_`, ]+`) \|$/gm)].map((row) => [
      row[1],
      row[2] === 'nothing' ? [] : row[2]?.replaceAll('`', '').split(', '),
    ]);
    expect(Object.fromEntries(rows)).toEqual(followers);
  });

  it('README: its table of errors is the catalogue', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| `([a-z-]+)` \| (\d+) \| (.+) \|$/gm)].map((row) => [
      row[1],
      Number(row[2]),
      row[3],
    ]);
    expect(rows).toEqual(
      Object.entries(errorCatalogue).map(([code, { exit, means }]) => [code, exit, means]),
    );
  });

  it.each(madeParts)('$page: its table of $name is what the code can do', (part) => {
    const text = readFileSync(join(root, part.page), 'utf8');
    expect(text, 'run `npm run docs` after a change of a fault, a means or a driver').toBe(
      withMade(text, part),
    );
  });

  it('README: every code of the catalogue is one that is raised', () => {
    const raised = new Set(
      production
        .filter(({ path }) => path !== 'model/errors.ts')
        .flatMap(({ text }) => [...text.matchAll(/'([a-z-]+)'/g)].map((match) => match[1])),
    );
    expect(Object.keys(errorCatalogue).filter((code) => !raised.has(code))).toEqual([]);
  });

  it.each(fileKinds)('schema: scenarios/schema/%s.json is what the code says', (kind) => {
    const hint = 'run `npm run schemas` after a change of the schema';
    expect(readFileSync(join(root, `scenarios/schema/${kind}.json`), 'utf8'), hint).toBe(jsonSchema(kind));
  });
});
