import { expect, it } from 'vitest';
import { html, json, raw } from './markup.ts';

it('escapes every value, in text and in attributes', () => {
  const nasty = `<b title='x' "y">&amp;</b>`;
  const { text } = html`<i title="${nasty}">${nasty}</i>`;
  const escaped = '&#60;b title=&#39;x&#39; &#34;y&#34;&#62;&#38;amp;&#60;/b&#62;';
  expect(text).toBe(`<i title="${escaped}">${escaped}</i>`);
});

it('leaves its own markup as it is, joins lists, and shows nothing for null and false', () => {
  const items = ['a', '<', 3].map((item) => html`<li>${item}</li>`);
  expect(html`<ul>${items}${null}${false}${raw('<hr>')}${0}</ul>`.text).toBe(
    '<ul><li>a</li><li>&#60;</li><li>3</li><hr>0</ul>',
  );
});

it('keeps backslashes and blank lines of values', () => {
  expect(html`<pre>${'a\\n\n   b'}</pre>`.text).toBe('<pre>a\\n\n   b</pre>');
});

it('makes JSON that no element ends in', () => {
  const value = { name: '</script><!--<script>' };
  const { text } = json(value);
  expect(text).not.toContain('<');
  expect(JSON.parse(text)).toEqual(value);
});
