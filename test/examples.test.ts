import { globSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, Workshop } from './support.ts';

interface Example {
  /** Such as `docs/scenarios.md:82`. */
  readonly place: string;
  readonly kind: string;
  /** What stands there, as a whole file. */
  readonly text: string;
}

interface Checked {
  readonly file: string;
  readonly kind: string;
  readonly valid: boolean;
  readonly mistakes: readonly string[];
}

/** Files of others: GitHub’s, Prometheus’. */
const foreign = /^(jobs|scrape_configs):/m;

/** Every YAML example of a page. Of one that shows only targets, each line is an example. */
function examplesIn(page: string): readonly Example[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```yaml\n([^]*?)^```/gm)].flatMap((match) => {
    const [, yaml = ''] = match;
    if (foreign.test(yaml)) return [];
    const firstLine = text.slice(0, match.index).split('\n').length + 1;
    const targets = yaml
      .trimEnd()
      .split('\n')
      .every((line) => line.startsWith('target:'));
    if (!targets) return [exampleOf(`${page}:${firstLine}`, yaml)];
    return yaml
      .trimEnd()
      .split('\n')
      .map((line, index) => exampleOf(`${page}:${firstLine + index}`, scenarioAt(line)));
  });
}

function scenarioAt(target: string): string {
  return `name: a target\nphases:\n  - name: pause\n    duration_sec: 5\n    actions:\n      - type: pause_node\n        ${target}\n`;
}

/** What is no whole file is the rest of a scenario. */
function exampleOf(place: string, yaml: string): Example {
  const has = (key: string) => new RegExp(`^${key}:`, 'm').test(yaml);
  if (has('name') && has('phases')) return { place, kind: 'scenario', text: yaml };
  if (has('http_workload') || has('redis_workload')) return { place, kind: 'config', text: yaml };
  if (has('parameters')) return { place, kind: 'fragment', text: yaml };
  // Gates speak of these.
  const phases = ['warmup', 'recovery'].map((name) => `{ name: ${name}, duration_sec: 5 }`);
  return { place, kind: 'scenario', text: `name: part\nphases: [${phases.join(', ')}]\n${yaml}` };
}

const examples = ['README.md', ...globSync('docs/*.md', { cwd: root })].flatMap(examplesIn);

describe('the examples in README and docs/', () => {
  const shop = new Workshop();
  const told = new Map<string, Checked>();
  const fileOf = ({ place }: Example) => `${place.replaceAll(/\W/g, '-')}.yaml`;

  beforeAll(async () => {
    symlinkSync(join(root, 'scenarios/fragments'), shop.path('fragments'));
    shop.write('users.csv', 'email\na@example.com\n');
    for (const example of examples) shop.write(fileOf(example), example.text);
    const config = ['--config', join(root, 'config.yaml')];
    const args = ['validate', ...examples.map(fileOf), ...config, '--json'];
    const { stdout } = await shop.orch(args, { API_TOKEN: 'a token' });
    const all: readonly Checked[] = JSON.parse(stdout);
    for (const checked of all) told.set(checked.file, checked);
  });
  afterAll(() => shop.close());

  it('are found: in the README, and of each kind in docs/scenarios.md', () => {
    expect(examples.some(({ place }) => place.startsWith('README.md:'))).toBe(true);
    const kinds = examples
      .filter(({ place }) => place.startsWith('docs/scenarios.md:'))
      .map(({ kind }) => kind);
    expect([...new Set(kinds)].sort()).toEqual(['fragment', 'scenario']);
  });

  it.each(examples)('$place is a valid $kind', (example) => {
    expect(told.get(fileOf(example))).toMatchObject({ kind: example.kind, valid: true, mistakes: [] });
  });
});
