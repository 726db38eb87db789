import { expect, it } from 'vitest';
import { mismatches } from './account.ts';

const counts = { due: 10, ok: 6, fail: 2, unknown: 1, dropped: 1 };
const account = { generator: { due: 10, counts }, recorded: counts, lostRows: 0, fileRows: 10 };

it('an account that adds up has nothing to tell, with rows that were told to be lost or without', () => {
  expect(mismatches(account)).toEqual([]);
  expect(mismatches({ ...account, lostRows: 3, fileRows: 7 })).toEqual([]);
});

it.each([
  [
    'a request without an outcome',
    { ...account, generator: { due: 11, counts } },
    /11 requests were due, and 10/,
  ],
  [
    'an outcome that was recorded as another',
    { ...account, recorded: { ...counts, ok: 5, fail: 3 } },
    /6 were ok/,
  ],
  ['a row that is not in the file', { ...account, fileRows: 9 }, /the file holds 9/],
  ['a row too many', { ...account, fileRows: 11 }, /the file holds 11/],
])('%s is told', (_, wrong, told) => {
  expect(mismatches(wrong).join('; ')).toMatch(told);
});
