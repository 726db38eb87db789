import { expect, it } from 'vitest';
import { decimal, listed, ms, percent, seconds, signed } from './figures.ts';

it.each([
  [percent(0), '0%'],
  [percent(0.99951), '99.951%'],
  [percent(0.0123), '1.23%'],
  [percent(null), '–'],
  [ms(0.1234), '0.12 ms'],
  [ms(1234.5), '1,235 ms'],
  [seconds(4.101904), '4.1 s'],
  [seconds(1800), '1,800 s (30 min)'],
  [signed(-3.21, decimal), '−3.21'],
  [signed(0.0001, decimal), '±0'],
  [decimal((1 - 0.08275 - 1) * 100), '−8.28'],
  [listed(['a', 'b', 'c']), 'a, b and c'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
