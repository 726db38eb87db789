import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from '../model/zod.ts';
import { editorSchema, type FileKind } from './editor-schema.ts';
import { parseYaml } from './yaml.ts';

const scenarios = join(import.meta.dirname, '../../scenarios');

/** What an editor would say of a text: whether it is of that kind. */
function suits(kind: FileKind, text: string): boolean {
  const { value, mistakes } = parseYaml(text);
  expect(mistakes).toEqual([]);
  const schema: Parameters<typeof z.fromJSONSchema>[0] = JSON.parse(JSON.stringify(editorSchema(kind)));
  return z.fromJSONSchema(schema).safeParse(value).success;
}

const filesIn = (directory: string) =>
  readdirSync(join(scenarios, directory))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(directory, name));

describe('the schema for editors', () => {
  it.each([...filesIn('.'), ...filesIn('quick')])('takes %s as a scenario', (name) => {
    const text = readFileSync(join(scenarios, name), 'utf8');
    expect(suits('scenario', text)).toBe(true);
    expect(suits('fragment', text)).toBe(false);
  });

  it.each(filesIn('fragments'))('takes %s as a fragment', (name) => {
    const text = readFileSync(join(scenarios, name), 'utf8');
    expect(suits('fragment', text)).toBe(true);
    expect(suits('scenario', text)).toBe(false);
  });

  it.each([
    ['variables: { a: 1, b: [x], c: { required: true, secret: true } }', true],
    ['variables: { a: { defalt: 1 } }', false],
    ['variables: { a-b: 1 }', false],
    ['mode: "${m}"', true],
    ['mode: "m"', false],
    ['stop_when: "${all}"', true],
    ['stop_when: all', false],
    ['blast_radius: { max_down: "${n}" }', true],
    ['blast_radius: { max_down: "n" }', false],
    ['templates: { t: { parameters: { p: 1 }, phase: { duration_sec: "${p}" } } }', true],
    ['templates: { t: { phase: { duraton_sec: 1 } } }', false],
  ])('of %s at the top of a scenario says %s', (line, expected) => {
    expect(suits('scenario', `name: s\nphases: [{ name: p, duration_sec: 1 }]\n${line}`)).toBe(expected);
  });

  it.each([
    ['{ name: p, duration_sec: "${n}" }', true],
    ['{ name: p, duration_sec: n }', false],
    ['{ include: f.yaml, with: { n: 1 } }', true],
    ['{ include: f.yaml, wit: { n: 1 } }', false],
    ['{ use: t, name: p, with: { n: [1] } }', true],
    ['{ use: t, nam: p }', false],
    ['{ name: p, duration_sec: 1, actions: [{ include: f.yaml }, { type: stop_load }] }', true],
    ['{ name: p, duration_sec: 1, actions: [{ use: t }] }', false],
    ['{ name: p, duration_sec: 1, actions: [{ type: parallel, actions: [{ include: f.yaml }] }] }', true],
    ['{ name: p, duration_sec: 1, actions: [{ type: parallel, actions: [{ use: t }] }] }', false],
    ['{ name: p, duration_sec: 1, actions: [{ type: start_load, target: "${n}", rps: "${n}" }] }', true],
    ['{ name: p, duration_sec: 1, actions: [{ type: start_load, target: x, rps: n }] }', false],
  ])('of %s as a phase says %s', (entry, expected) => {
    expect(suits('scenario', `name: s\nphases: [${entry}]`)).toBe(expected);
  });
});
