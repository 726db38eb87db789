import { expect, test } from 'vitest';
import { fixed, seconds } from './numbers.ts';

test.each([
  [-1.634, '−1.6'],
  [1.634, '1.6'],
  [-5.3e-7, '0.0'],
])('%d has the minus that people write, if any', (value, text) => {
  expect(fixed(value, 1)).toBe(text);
});

test('so have seconds before the first request', () => {
  expect(seconds(-0.021)).toBe('−0.02 s');
  expect(seconds(-0.001)).toBe('0 s');
});
