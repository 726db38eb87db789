import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { look } from '../check/look.ts';
import { checkSchema, lookOf } from '../model/check.ts';
import { http, imported, type Loose, probe, process as command } from '../testing/experiment-builder.ts';

/**
 * Imported checks are put to a real server and real commands. What Chaos Toolkit makes of each pair of answer and tolerance
 * was read from its library: `within_tolerance`.
 */

let server: Server;
let url = '';
const pods = {
  items: [
    { name: 'a', phase: 'Running', restarts: 0 },
    { name: 'b', phase: 'Pending', restarts: 4 },
  ],
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const [path, query] = (request.url ?? '').split('?');
    const status = Number(/^\/(\d{3})$/.exec(path ?? '')?.[1] ?? 200);
    const body = path === '/pods' ? JSON.stringify(pods) : path === '/query' ? query : '42\n';
    if (status === 302) response.setHeader('location', '/200');
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
});
afterAll(() => server.close());

async function holds(provider: Loose, tolerance: unknown): Promise<boolean> {
  const { scenario, unsupported } = imported({
    'steady-state-hypothesis': { title: 'well', probes: [probe('p', provider, { tolerance })] },
  });
  expect(unsupported).toEqual([]);
  const [check] = scenario['steady_state'] as Loose[];
  const surroundings = { env: { PATH: process.env['PATH'] }, cwd: '/', nodes: [] };
  const seen = await look(lookOf(checkSchema.parse(check)), surroundings, new AbortController().signal);
  return seen.holds;
}

const regex = (pattern: string, target: string) => ({ type: 'regex', pattern, target });
const range = (low: number, high: number, target: string) => ({ type: 'range', range: [low, high], target });
const path = (jsonpath: string, more: Loose = {}) => ({
  type: 'jsonpath',
  path: jsonpath,
  target: 'body',
  ...more,
});

describe('a request, imported', () => {
  it.each([
    ['/200', 200, true],
    ['/503', 200, false],
    ['/404', [200, 404, 410], true],
    ['/201', [200, 204], false],
    // A redirect is followed, and what is judged is what comes of it.
    ['/302', 200, true],
    // Where the tolerance says nothing of the status, any will do.
    ['/500', regex('^42$', 'body'), true],
    ['/200', regex('^4$', 'body'), false],
    ['/500', range(41.5, 42.5, 'body'), true],
    ['/500', range(43, 44, 'body'), false],
    ['/204', range(200, 299, 'status'), true],
    ['/pods', path('$.items[*].name', { expect: ['a', 'b'] }), true],
    ['/pods', path('$.items[*].name', { expect: ['b', 'a'] }), false],
    ['/pods', path('$.items[*][?(@.phase = "Running")].name', { expect: 'a' }), true],
    ['/pods', path('$.items[*][?(@.restarts > 3 or @.phase != "Running")]', { count: 1 }), true],
    ['/pods', path('$.items[*][?(@.phase = "Failed")]'), false],
    ['/pods', path('$.items[*][?(@.phase = "Failed")]', { count: 0 }), true],
    ['/500', true, false],
    ['/500', false, true],
  ])('to %s with the tolerance %j: %s', async (place, tolerance, expected) => {
    expect(await holds(http(`${url}${place}`), tolerance)).toBe(expected);
  });

  it('asks for what its arguments say', async () => {
    const provider = http(`${url}/query`, { arguments: { q: 'a b&c', on: true } });
    expect(await holds(provider, 'q=a+b%26c&on=True')).toBe(true);
  });

  it('is not well where nobody answers', async () => {
    expect(await holds(http('http://127.0.0.1:9/'), regex('', 'body'))).toBe(false);
  });
});

describe('a process, imported', () => {
  it.each([
    ['true', [], 0, true],
    ['false', [], 0, false],
    ['false', [], 1, true],
    ['sh', ['-c', 'exit 3'], [3, 4, 5], true],
    ['sh', ['-c', 'kill -9 $$$$'], -9, true],
    ['echo', ['welcome=hello'], regex('^welcome=hello$', 'stdout'), true],
    ['printf', ['%s', 'a  b'], regex('a\\s+b', 'stdout'), true],
    ['sh', ['-c', 'echo bad >&2; exit 1'], regex('bad', 'stderr'), true],
    ['echo', ['{"a": [1, 2]}'], { ...path('$.a[1]', { expect: 2 }), target: 'stdout' }, true],
    // A text is for the shell.
    ['echo', 'a | tr a b', regex('^b$', 'stdout'), true],
  ])('%s %j with the tolerance %j: %s', async (program, given, tolerance, expected) => {
    expect(await holds(command(program, { arguments: given }), tolerance)).toBe(expected);
  });

  it('may be judged by another one', async () => {
    const judge = (word: string) => ({
      type: 'probe',
      name: 'j',
      provider: command('grep', { arguments: { '-q': word } }),
    });
    expect(await holds(command('echo', { arguments: ['all is well'] }), judge('well'))).toBe(true);
    expect(await holds(command('echo', { arguments: ['all is well'] }), judge('ill'))).toBe(false);
  });
});
