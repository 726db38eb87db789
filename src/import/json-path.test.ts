import { describe, expect, it } from 'vitest';
import { valuesAt } from '../model/json-path.ts';
import { rfcPath } from './json-path.ts';

const document = {
  foo: [
    { baz: 'hello', n: 1 },
    { baz: 'bonjour', n: 2 },
    { n: 3, 'a-b': [1, 2] },
  ],
  state: 'ok',
};

function found(path: string): unknown {
  const translated = rfcPath(path);
  if ('reason' in translated) throw new Error(translated.reason);
  return valuesAt(translated.path, document);
}

describe('a JSONPath of jsonpath2', () => {
  it.each([
    ['$.state', ['ok']],
    ['$.foo[*].n', [1, 2, 3]],
    ['$.foo[0]["baz"]', ['hello']],
    ['$.foo[2]["a-b"][1]', [2]],
    // A filter stands for the value before it.
    ['$.foo.*[?(@.baz)].baz', ['hello', 'bonjour']],
    ['$.foo[*][?(@.n = 2)].baz', ['bonjour']],
    ['$.foo[*][?(@.n >= 2 and @.baz = "bonjour")].n', [2]],
    ['$.foo[*][?(not @.baz)].n', [3]],
    // What is not there differs from nothing.
    ['$.foo[*][?(@.baz != "hello")].n', [2]],
    // `or` binds tighter than `and`.
    ['$.foo[*][?(@.n = 1 or @.n = 3 and @.baz)].n', [1]],
    ['$.foo[*][?(@.n = 1 or (@.n = 3 and @.baz))].n', [1]],
    ['$..*[?(@.n > 2)].n', [3]],
  ])('%s finds %j', (path, values) => {
    expect(found(path)).toEqual(values);
  });

  it.each([
    '$[?(@.state = "ok")]',
    '$.foo[?(@.n)]',
    '$.foo[?(@.n)].x[*][?(@.y)]',
    '$.foo[*][?(@.n ~ 1)]',
    '$.foo[*][?(@.n = 1]',
  ])('%s has no counterpart', (path) => {
    expect(rfcPath(path)).toHaveProperty('reason');
  });
});
