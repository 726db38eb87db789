import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeSpec } from '../model/node.ts';
import { criteriaOf, faultTargetSchema } from '../model/selector.ts';
import { type Candidates, select } from './select.ts';

const node = (name: string, kind: NodeSpec['kind'] = 'http', labels?: NodeSpec['labels']): NodeSpec => ({
  name,
  kind,
  url: `${kind}://127.0.0.1/${name}`,
  managed: true,
  ...(labels === undefined ? {} : { labels }),
});

const nodes = [
  node('web-1', 'http', { zone: 'a' }),
  node('web-2', 'http', { zone: 'b' }),
  node('web-3'),
  node('cache-1', 'redis', { zone: 'a' }),
  node('cache-2', 'redis'),
];
const roles: NonNullable<Candidates['roles']> = new Map([
  ['cache-1', { role: 'master' }],
  ['cache-2', { role: 'replica' }],
]);

function found(target: unknown, more: Partial<Candidates> = {}, place = 'here') {
  const criteria = criteriaOf(faultTargetSchema.parse(target));
  return select(criteria, { nodes, mode: 'http', seed: 1, roles, ...more }, place);
}

function names(...given: Parameters<typeof found>): readonly string[] {
  const selected = found(...given);
  if ('problem' in selected) throw new Error(selected.problem);
  return selected.nodes.map(({ name }) => name);
}

function problem(...given: Parameters<typeof found>): string {
  const selected = found(...given);
  if (!('problem' in selected)) throw new Error(`selected ${names(...given).join(', ')}`);
  return selected.problem;
}

describe('a selector', () => {
  it.each([
    ['all_nodes', 'web-1 web-2 web-3'],
    ['cache-2', 'cache-2'],
    ['*-1', 'web-1 cache-1'],
    [['cache-2', 'web-2', 'web-2'], 'web-2 cache-2'],
    [['all_nodes', 'cache-1'], 'web-1 web-2 web-3 cache-1'],
    [{ all: true }, 'web-1 web-2 web-3 cache-1 cache-2'],
    [{ kind: 'redis' }, 'cache-1 cache-2'],
    [{ label: { zone: 'a' } }, 'web-1 cache-1'],
    [{ label: { zone: 'a' }, kind: 'http' }, 'web-1'],
    [{ except: 'web-1' }, 'web-2 web-3'],
    [{ except: ['all_nodes', 'cache-2'], all: true }, 'cache-1'],
    [{ role: 'master' }, 'cache-1'],
    [{ role: 'replica' }, 'cache-2'],
    [{ percent: 100 }, 'web-1 web-2 web-3'],
  ])('%j means %s', (target, expected) => {
    expect(names(target).join(' ')).toBe(expected);
  });

  it('says what it chose from, and why', () => {
    expect(found({ service: 'web-*', label: { zone: 'a' }, rolling: true })).toMatchObject({
      why: 'web-*, label zone=a: 1 node',
      rolling: true,
    });
    expect(found({ role: 'master' })).toMatchObject({
      why: 'role master: 1 node by their roles when the plan was made',
    });
    const drawn = found({ random: 2 });
    expect(drawn).toMatchObject({ why: 'all_nodes: 3 nodes, of which seed 1 draws 2', rolling: false });
    expect('from' in drawn && drawn.from).toEqual(nodes.slice(0, 3));
  });

  it.each([
    ['web-9', 'there is no node `web-9`; did you mean `web-1`?'],
    [['web-1', 'web-9'], 'there is no node `web-9`'],
    ['db-*', 'no node matches `db-*`. Known: web-1,'],
    [
      { service: 'web-*', label: { zone: 'c' } },
      'web-*, label zone=c: no node is left (web-1 has zone=a, web-2 has zone=b, web-3 has no label zone)',
    ],
    [{ service: 'web-1', kind: 'redis' }, 'no node is left (web-1 is a http node)'],
    [{ service: 'web-1', except: 'web-*' }, 'no node is left (web-1 is excepted)'],
    [{ service: 'cache-1', role: 'replica' }, 'no node is left (cache-1 is a master)'],
    [{ random: 4 }, 'random 4 is more than 3 nodes of all_nodes'],
    [{ percent: 0 }, 'percent 0 means none of all_nodes'],
  ])('%j cannot be met, which may be skipped: %s', (target, says) => {
    expect(problem(target)).toContain(says);
    expect(found(target)).toMatchObject({ isFirm: false });
  });

  it.each([
    [{ except: 'web-9' }, 'there is no node `web-9`'],
    [{ role: 'master' }, 'cache-2 does not say whether it is master or replica (ECONNREFUSED)'],
  ])('%j is a mistake even where it may be skipped: %s', (target, says) => {
    const deaf: typeof roles = new Map([
      ['cache-1', { role: 'master' }],
      ['cache-2', { problem: 'ECONNREFUSED' }],
    ]);
    expect(problem(target, { roles: deaf })).toContain(says);
    expect(found(target, { roles: deaf })).toMatchObject({ isFirm: true });
  });

  it('asks no role of a node that is not meant anyway', () => {
    expect(
      names({ service: 'cache-1', role: 'master' }, { roles: new Map([['cache-1', { role: 'master' }]]) }),
    ).toEqual(['cache-1']);
  });

  it('has a config without nodes of the mode told', () => {
    expect(problem('all_nodes', { nodes: nodes.slice(0, 3), mode: 'redis' })).toBe(
      'the config has no redis_nodes',
    );
  });
});

describe('percent', () => {
  it.each([
    [50, 1, 1],
    [50, 3, 2],
    [50, 5, 3],
    [1, 10, 1],
    [25, 10, 3],
    [24, 10, 2],
    [99, 10, 10],
    [100, 7, 7],
  ])('%d %% of %d nodes are %d', (percent, of, count) => {
    const many = Array.from({ length: of }, (_, index) => node(`n${index}`));
    expect(names({ percent }, { nodes: many })).toHaveLength(count);
  });
});

describe('a draw', () => {
  const pool = fc
    .uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 2, maxLength: 12 })
    .map((all) => all.map((name) => node(name)));
  const seed = fc.nat(2 ** 31 - 1);
  const place = fc.string();
  const drawn = fc.tuple(pool, seed, place).chain(([nodes, seed, place]) =>
    fc.record({
      nodes: fc.constant(nodes),
      seed: fc.constant(seed),
      place: fc.constant(place),
      count: fc.integer({ min: 1, max: nodes.length }),
    }),
  );

  it('has as many nodes as were asked for, each once, all of them meant, and the same ones each time', () => {
    fc.assert(
      fc.property(drawn, ({ nodes, seed, place, count }) => {
        const chosen = names({ random: count }, { nodes, seed }, place);
        expect(new Set(chosen).size).toBe(count);
        expect(nodes.map(({ name }) => name)).toEqual(expect.arrayContaining([...chosen]));
        expect(names({ random: count }, { nodes, seed }, place)).toEqual(chosen);
      }),
    );
  });

  it('gives a percentage the same nodes as the number that it comes to', () => {
    fc.assert(
      fc.property(
        drawn,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        ({ nodes, seed, place }, percent) => {
          const chosen = names({ percent }, { nodes, seed }, place);
          expect(names({ random: chosen.length }, { nodes, seed }, place)).toEqual(chosen);
        },
      ),
    );
  });

  it('contains every smaller draw at its place', () => {
    fc.assert(
      fc.property(drawn, ({ nodes, seed, place, count }) => {
        const all = nodes.length;
        fc.pre(count < all);
        const larger = names({ random: count + 1 }, { nodes, seed }, place);
        expect(larger).toEqual(expect.arrayContaining([...names({ random: count }, { nodes, seed }, place)]));
      }),
    );
  });

  it('does not depend on the order of the nodes, nor on one more that is not drawn', () => {
    fc.assert(
      fc.property(drawn, ({ nodes, seed, place, count }) => {
        const before = new Set(names({ random: count }, { nodes, seed }, place));
        expect(new Set(names({ random: count }, { nodes: nodes.toReversed(), seed }, place))).toEqual(before);
        const more = new Set(names({ random: count }, { nodes: [...nodes, node('newcomer')], seed }, place));
        // One more may take one place, and leaves the others as they were.
        expect([...before].filter((name) => !more.has(name)).length).toBe(more.has('newcomer') ? 1 : 0);
      }),
    );
  });

  it('never has an excepted node', () => {
    fc.assert(
      fc.property(drawn, ({ nodes, seed, place }) => {
        const [spared] = nodes;
        fc.pre(spared !== undefined);
        const percent = 100;
        expect(names({ percent, except: spared.name }, { nodes, seed }, place)).not.toContain(spared.name);
        expect(names({ random: 1, except: spared.name }, { nodes, seed }, place)).not.toContain(spared.name);
      }),
    );
  });

  it('is fair, and independent of what another place of the same seed draws', () => {
    const places = ['first', 'second'];
    const pairs = new Map<string, number>();
    const times = 9_000;
    for (let seed = 0; seed < times; seed += 1) {
      const pair = places.flatMap((place) => names({ random: 1 }, { seed }, place)).join(' ');
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    expect(pairs.size).toBe(9);
    // Chi-squared with 8 degrees of freedom: 26.1 is passed once in a thousand times. The seeds are always the same ones.
    const expected = times / 9;
    const chi = [...pairs.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chi).toBeLessThan(26.1);
  });
});
