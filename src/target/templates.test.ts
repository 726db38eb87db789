import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { drawAt } from '../model/draw-at.ts';
import { Feeds } from './feed.ts';
import { keyOf } from './key-space.ts';
import { Templates } from './templates.ts';

const directory = mkdtempSync(join(tmpdir(), 'orch-templates-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'users.csv');
writeFileSync(file, ['name,mail', ...[0, 1, 2, 3, 4].map((n) => `n${n},m${n}@x`)].join('\n'));

function fill(text: string, seed = 1): (seq: number, turn?: number) => string {
  const feeds = new Feeds({
    users: { file, order: 'sequential' },
    any: { file, order: 'random' },
  });
  const keys = keyOf({ count: 1000, prefix: 'k', distribution: 'uniform' });
  const compiled = new Templates({ seed, feeds, keyOf: keys, value: 'xx' }).compile(text);
  return (seq, turn = 0) => (typeof compiled === 'string' ? compiled : compiled(seq, turn));
}
const seqs = Array.from({ length: 2000 }, (_, seq) => seq);

test('what stands for nothing is text, made once', () => {
  expect(new Templates({ seed: 1, feeds: new Feeds({}) }).compile('a {{{{b}} c')).toBe('a {{b}} c');
});

test('the request’s number, its row and what is always the same', () => {
  const text = fill('{{seq}} {{users.name}} {{users.mail}} {{value}}');
  expect([0, 7, 2 ** 44 + 1].map((seq) => text(seq))).toEqual([
    '0 n0 m0@x xx',
    '7 n2 m2@x xx',
    `${2 ** 44 + 1} n${(2 ** 44 + 1) % 5} m${(2 ** 44 + 1) % 5}@x xx`,
  ]);
});

test('a UUID is one of version 4, and no two are alike', () => {
  const uuids = seqs.map((seq) => fill('{{uuid}}')(seq));
  for (const uuid of uuids)
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(uuids).size).toBe(uuids.length);
});

test('numbers and words are drawn evenly, ends included', () => {
  const dice = seqs.map((seq) => Number(fill('{{random -1 4}}')(seq)));
  for (const face of [-1, 0, 1, 2, 3, 4]) {
    const share = dice.filter((one) => one === face).length / dice.length;
    expect(share).toBeGreaterThan(0.12);
    expect(share).toBeLessThan(0.21);
  }
  const wide = seqs.map((seq) => Number(fill(`{{random 0 ${2 ** 50}}}`)(seq)));
  expect(new Set(wide).size).toBe(wide.length);
  expect(new Set(seqs.map((seq) => fill('{{pick a b c}}')(seq)))).toEqual(new Set(['a', 'b', 'c']));
});

test('each place has a draw of its own, but a key and a row are the same throughout a request', () => {
  const several = fill('{{random 1 1000000}} {{random 1 1000000}}')(5).split(' ');
  expect(several[0]).not.toBe(several[1]);
  for (const seq of seqs.slice(0, 50)) {
    const [one, other, name = '', mail = ''] = fill('{{key}} {{key}} {{any.name}} {{any.mail}}')(seq).split(
      ' ',
    );
    expect(one).toBe(other);
    expect(mail).toBe(`${name.replace('n', 'm')}@x`);
  }
});

test('the same seed fills in the same, in whatever order it is asked; another seed and another turn do not', () => {
  const text = '{{uuid}} {{random 1 1000000}} {{pick a b c}} {{key}} {{any.name}}';
  const there = seqs.map((seq) => fill(text, 7)(seq));
  const once = fill(text, 7);
  const back = seqs.toReversed().map((seq) => once(seq));
  expect(back.toReversed()).toEqual(there);
  expect(fill(text, 8)(3)).not.toBe(there[3]);
  expect(once(3, 1)).not.toBe(there[3]);
});

test('what is not there is refused', () => {
  for (const text of ['{{users.phone}}', '{{nobody.name}}', '{{nothing}}'])
    expect(() => fill(text)).toThrow(/cannot be filled in/);
  const bare = new Templates({ seed: 1, feeds: new Feeds({}) });
  for (const text of ['{{key}}', '{{value}}']) expect(() => bare.compile(text)).toThrow(/needs/);
});

describe('keys', () => {
  test.each([1, 2, 10, 10_000])('are all within their space, by either distribution (%i)', (count) => {
    for (const distribution of ['uniform', 'zipf'] as const) {
      const key = keyOf({ count, prefix: '', distribution });
      const drawn = [0, 0.25, 0.5, 0.75, 1 - 2 ** -32].map((draw) => Number(key(draw)));
      expect(drawn.every((one) => one >= 0 && one < count && Number.isInteger(one))).toBe(true);
      expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
    }
  });

  test('by zipf the n-th comes as 1/n^0.99 of the first', () => {
    const key = keyOf({ count: 1000, prefix: '', distribution: 'zipf' });
    const draws = 200_000;
    const counts = new Map<number, number>();
    for (let seq = 0; seq < draws; seq += 1) {
      const rank = Number(key(drawAt(3, seq, 99)));
      counts.set(rank, (counts.get(rank) ?? 0) + 1);
    }
    let zeta = 0;
    for (let n = 1; n <= 1000; n += 1) zeta += n ** -0.99;
    const shareBelow = (end: number) => {
      let sum = 0;
      for (let rank = 0; rank < end; rank += 1) sum += counts.get(rank) ?? 0;
      return sum / draws;
    };
    const meantBelow = (end: number) => {
      let sum = 0;
      for (let n = 1; n <= end; n += 1) sum += n ** -0.99 / zeta;
      return sum;
    };
    for (const end of [1, 2]) expect(Math.abs(shareBelow(end) - meantBelow(end))).toBeLessThan(0.005);
    for (const end of [10, 100, 500]) expect(Math.abs(shareBelow(end) - meantBelow(end))).toBeLessThan(0.03);
  });
});
