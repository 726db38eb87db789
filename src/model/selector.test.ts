import { describe, expect, it } from 'vitest';
import { criteriaOf, faultTargetSchema, globMatches, wordsOf } from './selector.ts';

const words = (given: unknown) => wordsOf(criteriaOf(faultTargetSchema.parse(given)));

describe('a target', () => {
  it.each([
    ['all_nodes', 'all_nodes'],
    ['web-1', 'web-1'],
    [['web-1', 'cache-*'], 'web-1, cache-*'],
    [{ random: 1 }, 'all_nodes'],
    [{ except: 'web-1' }, 'all_nodes, except web-1'],
    [{ rolling: true }, 'all_nodes'],
    [{ all: true, except: ['web-1', 'cache-?'] }, 'all nodes, except web-1, cache-?'],
    [{ kind: 'redis' }, 'kind redis'],
    [{ service: 'web-*', label: { zone: 'a', tier: 'front' } }, 'web-*, label zone=a, label tier=front'],
    [{ role: 'replica', service: ['cache-1', 'cache-2'] }, 'cache-1, cache-2, role replica'],
  ])('%j means %s', (given, meaning) => {
    expect(words(given)).toBe(meaning);
  });
});

describe('a glob', () => {
  it.each([
    ['web-*', 'web-1', true],
    ['web-*', 'web-', true],
    ['web-*', 'my-web-1', false],
    ['*', 'anything:80', true],
    ['web-?', 'web-1', true],
    ['web-?', 'web-10', false],
    ['w*-*1', 'web-node-1', true],
    // Everything but these two characters stands for itself.
    ['127.0.0.1:*', '127.0.0.1:80', true],
    ['127.0.0.1:*', '127x0.0.1:80', false],
    ['[::1]:*', '[::1]:80', true],
  ])('%s and %s: %s', (glob, name, matches) => {
    expect(globMatches(glob, name)).toBe(matches);
  });
});
