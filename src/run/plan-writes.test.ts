import { describe, expect, it } from 'vitest';
import type { NodeSpec } from '../model/node.ts';
import { scenario } from '../testing/memory-run.ts';
import { planWrites } from './plan-writes.ts';

const redis = (name: string, url = 'redis://127.0.0.1:1'): NodeSpec => ({
  name,
  kind: 'redis',
  url,
  managed: true,
});
const nodes: readonly NodeSpec[] = [
  { name: 'api', kind: 'http', url: 'http://127.0.0.1:1', managed: true },
  redis('primary'),
  redis('replica'),
  redis('cluster', 'redis+cluster://127.0.0.1:1'),
];
const http = { write: { path: '/{{token}}' }, read: { path: '/{{token}}' } };

function planned(asked: object): { readonly names: readonly string[]; readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const [check] = planWrites(
    scenario([{ name: 'p', duration_sec: 1 }], { checks: [{ lost_writes: asked }] }),
    {
      where: (path) => path.join('.'),
      nodesOf: (names) => nodes.filter(({ name }) => names.includes(name)),
      mistake: (message, place) => mistakes.push(`${place}: ${message}`),
    },
  );
  return { names: [...(check?.nodes ?? []), ...(check?.readFrom ?? [])].map(({ name }) => name), mistakes };
}

describe('checks of writes', () => {
  it('know their nodes', () => {
    expect(planned({ target: ['primary', 'replica'], wait: 1 })).toEqual({
      names: ['primary', 'replica'],
      mistakes: [],
    });
    expect(planned({ target: 'primary', read_from: 'replica' }).names).toEqual(['primary', 'replica']);
    expect(planned({ target: 'api', http }).mistakes).toEqual([]);
    expect(planned({ target: 'cluster' }).mistakes).toEqual([]);
  });

  it.each<[object, string]>([
    [{ target: 'api' }, 'HTTP nodes need `http`: how a token is written, and how it is read'],
    [{ target: 'primary', http }, '`http` is for HTTP nodes'],
    [{ target: 'api', http, wait: 1 }, '`wait` is for Redis nodes'],
    [{ target: ['primary', 'api'] }, 'its nodes are of two kinds, HTTP and Redis: that takes two checks'],
    [
      { target: ['primary', 'cluster'] },
      'a cluster, or what is behind a Sentinel, finds its primary itself: it is a target alone',
    ],
    [
      { target: 'cluster', wait: 1 },
      '`wait` cannot be for a cluster: WAIT says nothing of which write it is about',
    ],
  ])('%j is refused', (asked, message) => {
    expect(planned(asked).mistakes).toEqual([`checks.0.lost_writes: ${message}`]);
  });

  it.each([
    { write: { path: '/' }, read: http.read },
    { write: http.write, read: { path: '/' } },
    { write: http.write, read: { path: '/{{token}}', count: '$.[' } },
    { write: http.write, read: { path: '/{{token}}', count: '$', contains: 'a' } },
  ])('%j says nothing of a token, or not clearly', (wrong) => {
    expect(() => planned({ target: 'api', http: wrong })).toThrow(/token|count/);
  });
});
