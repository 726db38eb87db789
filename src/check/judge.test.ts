import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expect } from '../model/check.ts';
import { judge } from './judge.ts';
import type { Observation } from './observation.ts';

const http = (status: number, body = '', headers: Record<string, string> = {}): Observation => ({
  kind: 'http',
  status,
  headers,
  body,
  isCut: false,
  tookMs: 1,
});
const command = (exit: number, stdout = '', stderr = ''): Observation => ({
  kind: 'command',
  exit,
  stdout,
  stderr,
  isCut: false,
  tookMs: 1,
});
const redis = (reply: Extract<Observation, { kind: 'redis' }>['reply']): Observation => ({
  kind: 'redis',
  reply,
  tookMs: 1,
});
const tcp: Observation = { kind: 'tcp', tookMs: 1 };
const none: Observation = { kind: 'none', error: 'ECONNREFUSED', tookMs: 1 };
const doc = JSON.stringify({
  nodes: [
    { role: 'master', lag: 0 },
    { role: 'replica', lag: 3 },
  ],
  ok: true,
});

describe('an answer holds, by this evidence', () => {
  it.each<[Observation, Expect | undefined, string]>([
    [http(204), undefined, 'status 204'],
    [http(204), true, 'status 204'],
    [http(503), false, 'status 503, not 2xx'],
    [http(404), 404, 'status 404'],
    [http(404), [2, 404], 'status 404'],
    [http(301), ['2xx', '3xx'], 'status 301'],
    [http(200, 'fine\n'), 'fine', 'status 200; body "fine\\n"'],
    [http(200, '42'), { range: [40, 50] }, 'status 200; body "42"'],
    [http(200, 'all is well'), { regex: 'wel+$' }, 'status 200; body has /wel+$/'],
    [http(500, 'x'), { status: 500, body: ['x', 'y'] }, 'status 500; body "x"'],
    [http(200, '', { age: '7' }), { headers: { Age: { range: [0, 9] } } }, 'status 200; header age "7"'],
    [http(200, doc), { jsonpath: '$.ok' }, 'status 200; body at $.ok true'],
    [http(200, doc), { jsonpath: '$.ok', equals: true }, 'status 200; body at $.ok true'],
    [
      http(200, doc),
      { jsonpath: '$.nodes[*].role', equals: ['master', 'replica'], count: 2 },
      'status 200; body at $.nodes[*].role ["master","replica"]',
    ],
    [
      http(200, doc),
      { jsonpath: "$.nodes[?@.role=='replica'].lag", expect: { range: [0, 5] } },
      "status 200; body at $.nodes[?@.role=='replica'].lag 3",
    ],
    [http(200, doc), { jsonpath: '$.gone', equals: [] }, 'status 200; body at $.gone: nothing'],
    [http(200, doc), { jsonpath: '$.gone', count: 0 }, 'status 200; body at $.gone: nothing'],
    [command(0), undefined, 'exit 0'],
    [command(137), [0, 137], 'exit 137'],
    [command(0, 'a\r\n'), 'a', 'exit 0; stdout "a\\r\\n"'],
    [command(2, '', 'no'), { exit: { range: [1, 9] }, stderr: 'no' }, 'exit 2; stderr "no"'],
    [redis('PONG'), undefined, 'reply "PONG"'],
    [redis(null), true, 'reply null'],
    [redis(3), 3, 'reply 3'],
    [redis('3'), 3, 'reply "3"'],
    [redis(3), { range: [0, 3] }, 'reply 3'],
    [redis(['a', 'b']), { jsonpath: '$[1]', equals: 'b' }, 'reply at $[1] "b"'],
    [redis('role:master'), { reply: { regex: 'master' } }, 'reply has /master/'],
    [tcp, undefined, 'connection "made"'],
    [none, false, 'ECONNREFUSED'],
  ])('%j, %j: %s', (observation, expected, evidence) => {
    expect(judge(observation, expected)).toEqual({ holds: true, evidence });
  });
});

describe('an answer does not hold, by this evidence', () => {
  it.each<[Observation, Expect | undefined, string]>([
    [none, undefined, 'ECONNREFUSED'],
    [none, { status: 200 }, 'ECONNREFUSED'],
    [http(503), undefined, 'status 503, not 2xx'],
    [http(204), false, 'status 204'],
    [http(200), [301, 404], 'status 200, not 301 or 404'],
    [http(503, 'fine'), 'fine', 'status 503, not 2xx'],
    [http(200, 'bad'), 'fine', 'body "bad", not "fine"'],
    [http(503, 'bad'), { body: 'fine' }, 'status 503, not 2xx; body "bad", not "fine"'],
    [http(200, 'x'.repeat(99)), { regex: 'y' }, `body "${'x'.repeat(79)}… has no /y/`],
    [http(200, 'soon'), { range: [1, 2] }, 'body "soon", not from 1 to 2'],
    [http(200, ''), { range: [0, 2] }, 'body "", not from 0 to 2'],
    [http(200), { headers: { age: 3 } }, 'header age is missing'],
    [http(200, '<html>'), { jsonpath: '$' }, 'body "<html>" is no JSON'],
    [http(200, doc), { jsonpath: '$.gone' }, 'body at $.gone: nothing'],
    [http(200, doc), { jsonpath: '$.gone', expect: 1 }, 'body at $.gone: nothing'],
    [http(200, doc), { jsonpath: '$.ok', equals: 'true' }, 'body at $.ok true, not "true"'],
    [http(200, doc), { jsonpath: '$.nodes[*]', count: 3 }, 'body at $.nodes[*]: 2 values, not 3'],
    [http(200, doc), { jsonpath: '$..lag', expect: { range: [0, 2] } }, 'body at $..lag 3, not from 0 to 2'],
    [command(1), undefined, 'exit 1, not 0'],
    [command(1, 'ok'), { regex: 'ok' }, 'exit 1, not 0'],
    [command(0, '1'), { stdout: true }, 'stdout "1", not true'],
    [redis(['a']), 'a', 'reply ["a"], not "a"'],
    [redis(null), { regex: 'null' }, 'reply null has no /null/'],
    [tcp, false, 'connection "made"'],
  ])('%j, %j: %s', (observation, expected, evidence) => {
    expect(judge(observation, expected)).toEqual({ holds: false, evidence });
  });

  it.each(['$', '$..x'])('where it is nested deeper than %s can follow', (jsonpath) => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const { holds, evidence } = judge(http(200, deep), { jsonpath, equals: 1 });
    expect(holds).toBe(false);
    expect(evidence).toContain('cannot be searched');
  });

  it('is told to be judged by its beginning, where only that was kept', () => {
    expect(judge({ ...http(200, 'x'), isCut: true } as Observation, { regex: 'y' }).evidence).toBe(
      'body "x" has no /y/ (of its first MB)',
    );
  });
});

describe('a judgement', () => {
  const text = fc.string({ maxLength: 20 });
  const observations = fc.oneof(
    fc
      .record({ status: fc.integer({ min: 100, max: 599 }), body: text })
      .map(({ status, body }) => http(status, body)),
    fc.record({ exit: fc.nat(255), stdout: text }).map(({ exit, stdout }) => command(exit, stdout)),
    fc.jsonValue().map((reply) => redis(reply as never)),
    fc.constantFrom(tcp, none),
  );

  it('of false is the contrary of the default, and of true the same', () => {
    fc.assert(
      fc.property(observations, (seen) => {
        expect(judge(seen, false).holds).toBe(!judge(seen, undefined).holds);
        expect(judge(seen, true)).toEqual(judge(seen, undefined));
      }),
    );
  });

  it('of a list holds exactly where one of its values does', () => {
    const values = fc.oneof(
      fc.array(fc.integer({ min: 100, max: 599 }), { minLength: 1 }),
      fc.array(
        fc.string({ minLength: 1 }).map((word) => `w${word}`),
        { minLength: 1 },
      ),
    );
    fc.assert(
      fc.property(observations, values, fc.boolean(), (seen, others, isAmong) => {
        const own = seen.kind === 'http' ? seen.status : seen.kind === 'command' ? seen.exit : 0;
        const list = isAmong && typeof others[0] === 'number' ? [...others, own] : others;
        expect(judge(seen, list).holds).toBe(list.some((value) => judge(seen, value).holds));
      }),
    );
  });

  it('of what was answered itself holds, by value, range, pattern and JSONPath', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const seen = http(200, JSON.stringify(value));
        expect(judge(seen, { jsonpath: '$', equals: JSON.parse(JSON.stringify(value)) }).holds).toBe(true);
        expect(judge(seen, { body: JSON.stringify(value) }).holds).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const seen = command(0, `${number}\n`);
        expect(judge(seen, { range: [number, number] }).holds).toBe(true);
        expect(judge(seen, { stdout: number }).holds).toBe(true);
      }),
    );
    fc.assert(
      fc.property(text, (word) => {
        const pattern = Array.from(word, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`).join('');
        expect(judge(http(200, `<${word}>`), { regex: `<${pattern}>` }).holds).toBe(true);
      }),
    );
  });

  it('is told in a line, however long the answer is', () => {
    const long = fc.string({ maxLength: 20, unit: 'binary' }).map((part) => `${part}x\n`.repeat(100));
    fc.assert(
      fc.property(long, (body) => {
        const { evidence } = judge(http(200, body), 'expected');
        expect(evidence).not.toContain('\n');
        expect(evidence.length).toBeLessThan(120);
      }),
    );
  });
});
