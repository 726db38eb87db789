import { describe, expect, it } from 'vitest';
import {
  anyExit,
  anyStatus,
  http,
  imported,
  type Loose,
  messages,
  probe,
  process,
  python,
} from '../testing/experiment-builder.ts';

/** The expectation that a tolerance of a probe becomes, and what is told of it. */
function judged(provider: Loose, tolerance: unknown, more: Loose = {}) {
  const { scenario, unsupported, remarks } = imported({
    'steady-state-hypothesis': { title: 'well', probes: [probe('p', provider, { tolerance })] },
    ...more,
  });
  const [check] = (scenario['steady_state'] ?? []) as Loose[];
  return { expect: check?.['expect'], unsupported: messages(unsupported), remarks: messages(remarks) };
}

describe('a tolerance', () => {
  it.each([
    ['a status', http('http://h/'), 200, { status: 200 }],
    ['an exit code', process('x'), 1, { exit: 1 }],
    ['a signal', process('x'), -9, { exit: 137 }],
    ['several statuses', http('http://h/'), [200, 404, 503], { status: [200, 404, 503] }],
    [
      'a regex',
      http('http://h/'),
      { type: 'regex', target: 'body', pattern: '^ok' },
      { ...anyStatus, body: { regex: '^ok' } },
    ],
    [
      'a regex of stderr',
      process('x'),
      { type: 'regex', target: 'stderr', pattern: 'warn' },
      { ...anyExit, stderr: { regex: 'warn' } },
    ],
    [
      'a range',
      process('x'),
      { type: 'range', target: 'stdout', range: [1, 2.5] },
      { ...anyExit, stdout: { range: [1, 2.5] } },
    ],
    [
      'a range of the status',
      http('http://h/'),
      { type: 'range', target: 'status', range: [200, 299] },
      { status: { range: [200, 299] } },
    ],
    [
      'a path',
      http('http://h/'),
      { type: 'jsonpath', target: 'body', path: '$.a' },
      { ...anyStatus, body: { jsonpath: '$.a' } },
    ],
    [
      'a path and a count',
      http('http://h/'),
      { type: 'jsonpath', target: 'body', path: '$.a.*', count: 2 },
      { ...anyStatus, body: { jsonpath: '$.a.*', count: 2 } },
    ],
    [
      'a path and a value',
      process('x'),
      { type: 'jsonpath', target: 'stdout', path: '$.a', expect: '${x}' },
      { ...anyExit, stdout: { jsonpath: '$.a', equals: '$${x}' } },
    ],
    [
      'a path of the whole answer',
      http('http://h/'),
      { type: 'jsonpath', path: '$.body.a', expect: [1] },
      { ...anyStatus, body: { jsonpath: '$.a', equals: [1] } },
    ],
  ])('of %s', (_, provider, tolerance, expected) => {
    expect(judged(provider, tolerance)).toEqual({ expect: expected, unsupported: [], remarks: [] });
  });

  it('that Chaos Toolkit would never find met is read as it was surely meant, and that is told', () => {
    expect(judged(process('x'), true)).toMatchObject({
      expect: true,
      remarks: [/never holds/].map((one) => expect.stringMatching(one)),
    });
    expect(judged(http('http://h/'), 'pong').expect).toEqual({ ...anyStatus, body: 'pong' });
    expect(judged(process('x'), { type: 'regex', pattern: 'a' }).expect).toEqual({
      ...anyExit,
      stdout: { regex: 'a' },
    });
    expect(judged(http('http://h/'), [200, 299]).remarks).toEqual([
      expect.stringContaining('one of these two'),
    ]);
  });

  it('may name variables', () => {
    const configuration = { status: 204, word: 'ok' };
    expect(judged(http('http://h/'), '${status}', { configuration }).expect).toBe('${status}');
    const pattern = { type: 'regex', target: 'body', pattern: '^${word}$' };
    expect(judged(http('http://h/'), pattern, { configuration }).expect).toEqual({
      ...anyStatus,
      body: { regex: '^${word}(?=\\n?$)' },
    });
  });

  it('that is a further probe gets the answer on stdin', () => {
    const tolerance = { type: 'probe', name: 'x', provider: process('grep', { arguments: { '-q': 'ok' } }) };
    const { expect: expected, remarks } = judged(http('http://h/'), tolerance);
    expect(expected).toEqual({ ...anyStatus, probe: { command: ['grep', '-q', 'ok'], timeout_sec: 3 } });
    expect(remarks).toEqual([expect.stringContaining('stdin')]);
  });

  it.each([
    ['a target that there is not', { type: 'regex', target: 'headers', pattern: 'a' }],
    ['a pattern that JavaScript has not', { type: 'regex', target: 'body', pattern: '(?x)a' }],
    ['a path that RFC 9535 has not', { type: 'jsonpath', target: 'body', path: '$[?(@.a = 1)]' }],
    ['a path that is none', { type: 'jsonpath', target: 'body', path: 'a.b' }],
    ['a path into the whole answer', { type: 'jsonpath', path: '$.headers' }],
    ['texts for statuses', ['ok', true]],
    ['a further probe of Python', { type: 'probe', provider: python }],
  ])('is named where it has %s, and there is no check that would always hold', (_, tolerance) => {
    expect(judged(http('http://h/'), tolerance)).toMatchObject({
      unsupported: [expect.any(String)],
      expect: undefined,
    });
  });

  it('is named where it has a text among statuses, of which the numbers are judged', () => {
    expect(judged(http('http://h/'), [200, 'ok', 201])).toMatchObject({
      unsupported: [expect.stringContaining('never holds')],
      expect: { status: [200, 201] },
    });
  });
});
