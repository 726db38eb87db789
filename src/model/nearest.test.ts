import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

it.each([
  ['rsp', 'rps'],
  ['get', 'GET'],
  ['Tpye', 'type'],
  ['targt', 'target'],
  ['spr', undefined],
  ['put', undefined],
  ['', undefined],
])('%s was probably meant to be %s', (word, meant) => {
  expect(nearest(word, ['type', 'target', 'rps', 'GET'])).toBe(meant);
});
