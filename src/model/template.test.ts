import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTemplate } from './template.ts';

describe('parseTemplate', () => {
  test.each([
    ['', []],
    ['plain', ['plain']],
    ['/{{seq}}/{{ uuid }}', ['/', { kind: 'seq' }, '/', { kind: 'uuid' }]],
    ['{{random -3 10}}', [{ kind: 'random', min: -3, max: 10 }]],
    ['{{pick a  b}}', [{ kind: 'pick', words: ['a', 'b'] }]],
    ['{{users.first name}}', [{ kind: 'column', feed: 'users', column: 'first name' }]],
    ['{{key}}={{value}}', [{ kind: 'key' }, '=', { kind: 'value' }]],
    ['{{{{seq}}', ['{{seq}}']],
    ['{{{key}}}:cart', ['{', { kind: 'key' }, '}:cart']],
    ['{"a":{"b":{{seq}}}}', ['{"a":{"b":', { kind: 'seq' }, '}}']],
  ])('%j', (text, parts) => {
    expect(parseTemplate(text)).toEqual({ parts, mistakes: [] });
  });

  test.each([
    ['{{sequence}}', /there is no `\{\{sequence\}\}`\..*seq, uuid, random/],
    ['{{sec}}', /did you mean `\{\{seq\}\}`\?/],
    ['{{seq 5}}', /`\{\{seq\}\}` takes nothing/],
    ['{{random 5}}', /two whole numbers/],
    ['{{random 5 1}}', /two whole numbers/],
    ['{{random 0.5 1}}', /two whole numbers/],
    ['{{pick}}', /needs the words/],
    ['a {{ b', /not closed/],
  ])('%j is a mistake', (text, message) => {
    expect(parseTemplate(text).mistakes).toEqual([expect.stringMatching(message)]);
  });

  test('text without braces is one part, and with each pair doubled it is itself', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replaceAll('{', '(');
        expect(parseTemplate(plain).parts).toEqual(plain === '' ? [] : [plain]);
        const pairs = plain.replaceAll('(', '{{');
        expect(parseTemplate(pairs.replaceAll('{{', '{{{{'))).toEqual({
          parts: pairs === '' ? [] : [pairs],
          mistakes: [],
        });
      }),
    );
  });
});
