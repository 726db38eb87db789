import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Feeds, parseFeed } from './feed.ts';

test('a file of names and rows', () => {
  const text = '\uFEFFid, name\r\n1,Ann\r\n\r\n2,"Bob ""B"", the\nsecond"';
  expect(parseFeed(text, 'f.csv')).toEqual({
    columns: ['id', 'name'],
    rows: [
      ['1', 'Ann'],
      ['2', 'Bob "B", the\nsecond'],
    ],
  });
});

test('every table that can be written is read as it was', () => {
  const value = fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', '\n', '\r', ' ') });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1 }), (rows) => {
      const quoted = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','));
      expect(parseFeed(['a,b', ...quoted].join('\n'), 'f.csv').rows).toEqual(rows);
    }),
  );
});

test.each([
  ['', 'f.csv:1: there is nothing in it'],
  ['a,b\n', 'f.csv:1: there is no row below the names of the columns'],
  ['a,a\n1,2', 'f.csv:1: there are two columns `a`'],
  ['a,\n1,2', 'f.csv:1: column 2 has no name'],
  ['a,b\n1,2\n1', 'f.csv:3: there are 1 values for 2 columns'],
  ['a,b\n"x\ny",2\n1,2,3', 'f.csv:4: there are 3 values for 2 columns'],
  ['a,b\n1,x"y', 'f.csv:2: a quote is not closed, or stands within a value without quotes'],
  ['a,b\n1,"x\n', 'f.csv:2: a quote is not closed, or stands within a value without quotes'],
])('%j is refused with its line', (text, message) => {
  expect(() => parseFeed(text, 'f.csv')).toThrow(expect.objectContaining({ code: 'feed-invalid', message }));
});

test('a file that is not there is named with its feed', () => {
  const feeds = new Feeds({ users: { file: '/nonexistent/users.csv', order: 'random' } });
  expect(() => feeds.get('users')).toThrow(/the feed `users` cannot be read: .*\/nonexistent\/users\.csv/);
  expect(feeds.get('others')).toBeUndefined();
});
