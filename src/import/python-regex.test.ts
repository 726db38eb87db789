import { describe, expect, it } from 'vitest';
import { javascriptPattern } from './python-regex.ts';

/** Whether the translation of a pattern finds something in a text, as Python's `re.search` does. */
function finds(python: string, text: string): boolean {
  const translated = javascriptPattern(python);
  if ('reason' in translated) throw new Error(translated.reason);
  return new RegExp(translated.pattern, 'u').test(text);
}

describe('a regular expression of Python', () => {
  // Each was tried with Python's own `re.search`.
  it.each([
    ['^welcome=hello$', 'welcome=hello\n', true],
    ['^welcome=hello$', 'welcome=hello\n\n', false],
    ['hello\\Z', 'hello\n', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['^b$', 'a\nb\nc', false],
    ['(?i)OK', 'ok', true],
    ['(?s)a.b', 'a\nb', true],
    ['{"status": "ok"}', '{"status": "ok"}', true],
    ['a{,2}b', 'aab', true],
    ['(?P<x>o)(?P=x)', 'foo', true],
    ['[]x]+', ']x', true],
    ['[$]5\\-\\_', '$5-_', true],
    ['\\$\\{x\\}', '${x}', true],
    ['a(?# remark)b', 'ab', true],
    ['', 'a', true],
  ])('%s in %j: %s', (pattern, text, found) => {
    expect(finds(pattern, text)).toBe(found);
  });

  it.each(['(?x) a b', '(?P<x>', 'a(?(1)b|c)'])('%s has no counterpart', (pattern) => {
    expect(javascriptPattern(pattern)).toHaveProperty('reason');
  });
});
