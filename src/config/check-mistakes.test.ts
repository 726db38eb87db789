import { describe, expect, it } from 'vitest';
import { checkSchema, httpRequestFields, runCommandFields } from '../model/check.ts';
import { conditionSchema } from '../model/condition.ts';
import { z } from '../model/zod.ts';
import { mistakesOf } from '../testing/mistakes.ts';
import { validateYaml } from './validate.ts';

/** A file with one check, condition and actions, as a scenario has them. */
const schema = z.strictObject({
  check: checkSchema.optional(),
  if: conditionSchema.optional(),
  actions: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('http_request'), ...httpRequestFields }),
        z.strictObject({ type: z.literal('run_command'), ...runCommandFields }),
      ]),
    )
    .optional(),
});

const mistakesIn = (text: string) => mistakesOf(() => validateYaml(text, 'f', schema));

const known = (text: string) => expect.stringMatching(text);

describe('a check', () => {
  it.each([
    'check: { name: a, http: http://h/ }',
    'check: { name: a, http: http://h/, expect: 2xx, when: [during], every_sec: 5 }',
    'check: { name: a, http: { url: https://h/, method: POST, body: { a: [1, null] }, verify_tls: false } }',
    'check: { name: a, http: http://h/, expect: { status: [200, 404], headers: { age: { range: [0, 9] } } } }',
    'check: { name: a, http: http://h/, expect: { jsonpath: $.a, count: 2, expect: { regex: ok } } }',
    'check: { name: a, http: http://h/, expect: { probe: { command: [jq, -e, .ok] } } }',
    'check: { name: a, tcp: "[::1]:80", expect: false, timeout_sec: 1 }',
    'check: { name: a, redis: { url: redis://h:1, command: [LLEN, q] }, expect: { range: [0, 9] } }',
    'check: { name: a, command: [true] }'.replace('true', '"true"'),
    'check: { name: a, command: { run: [env], env: { A: b }, cwd: / }, expect: { exit: 0, stdout: { regex: A=b } } }',
    'check: { name: a, metric: error_rate < 1% }',
  ])('%s is valid', (text) => {
    expect(mistakesIn(text)).toEqual([]);
  });

  it.each([
    ['{ name: a }', ['f:1:8: `check` is a mapping: needs one of http, tcp, redis, command, metric']],
    ['{ name: a, htp: http://h/ }', [known('^f:1:19: unknown key `htp` in check; did you mean `http`?')]],
    ['{ name: a, gopher: h }', [known('^f:1:19: unknown key `gopher` in check. Known: name, http, tcp')]],
    [
      '{ name: a, http: http://h/, tcp: h:1 }',
      ['f:1:41: `check.tcp` is `h:1`: stands beside http; only one of them can be'],
    ],
    ['{ name: a, http: h }', ['f:1:25: `check.http` is `h`: must be a URL such as http://127.0.0.1:8001']],
    [
      '{ name: a, http: { ur: http://h/, headers: { x: 1 } } }',
      [
        'f:1:27: unknown key `ur` in check.http; did you mean `url`? Known: url, method, headers, body, verify_tls, follow_redirects',
        'f:1:56: `check.http.headers.x` is `1`, but must be text',
      ],
    ],
    [
      '{ name: a, http: { url: http://h/, headers: { "a b": c } } }',
      ['f:1:61: `check.http.headers.a b` is `c`: must be a header such as X-Request-Id: abc'],
    ],
    ['{ name: a, tcp: h }', [known('^f:1:24: `check.tcp` is `h`: must be host:port')]],
    ['{ name: a, tcp: "h:99999" }', [known('^f:1:24: `check.tcp` is `h:99999`: must be host:port')]],
    ['{ name: a, command: ls }', ['f:1:28: `check.command` is `ls`, but must be a list or a mapping']],
    ['{ name: a, command: [ls, 1] }', ['f:1:33: `check.command[1]` is `1`, but must be text']],
    [
      '{ name: a, metric: eror_rate < 1%, expect: 1 }',
      [
        known('^f:1:27: `check.metric` is `eror_rate < 1%`: there is no metric `eror_rate`'),
        known('^f:1:51: '),
      ],
    ],
    ['{ name: a, tcp: "h:1", when: [befor] }', [known('^f:1:38: .*did you mean `before`?')]],
  ])('%s has its mistakes told at the very key', (text, expected) => {
    expect(mistakesIn(`check: ${text}`)).toEqual(expected);
  });
});

describe('an expectation', () => {
  it.each([
    ['{}', ['f:4:11: `check.expect` is a mapping: says nothing that is to be expected']],
    ['{ stats: 3 }', [known('^f:4:13: unknown key `stats` in check.expect; did you mean `status`?')]],
    ['[a, {}]', ['f:4:15: `check.expect[1]` is a mapping, but must be text or a number']],
    [
      '{ exit: 0 }',
      ['f:4:19: `check.expect.exit` is `0`: the answer of http has no exit; it has status, headers, body'],
    ],
    [
      '{ regex: a, body: b }',
      ['f:4:20: `check.expect.regex` is `a`: stands either by itself or within body'],
    ],
    [
      '{ body: { regx: a } }',
      [known('^f:4:21: unknown key `regx` in check.expect.body; did you mean `regex`?')],
    ],
    [
      '{ body: { regex: "(" } }',
      [known('^f:4:28: .*: must be a regular expression \\(Unterminated group\\)')],
    ],
    ['{ body: { jsonpath: $. } }', [known('^f:4:31: .*: must be a JSONPath such as')]],
    ['{ count: 1 }', [known('^f:4:20: `check.expect.count` .* there is none$')]],
    ['{ body: { equals: 1 } }', [known('^f:4:29: `check.expect.body.equals` .* there is none$')]],
    ['{ status: { range: [300, 200] } }', [known('^f:4:30: .*: the lower bound comes first$')]],
    [
      '{ headers: { age: { rang: [0, 1] } } }',
      [known('^f:4:31: unknown key `rang` in check.expect.headers.age; did you mean `range`?')],
    ],
    [
      '{ probe: { command: [x], expect: { status: 3 } } }',
      [known('^f:4:54: `check.expect.probe.expect.status` is `3`: the answer of command has no status')],
    ],
  ])('%s has its mistakes told at the very key', (text, expected) => {
    const check = `check:\n  name: a\n  http: http://h/\n  expect: ${text}`;
    expect(mistakesIn(check)).toEqual(expected);
  });

  it('of tcp is only whether it connects', () => {
    expect(mistakesIn('check: { name: a, tcp: "h:1", expect: 200 }')).toEqual([
      'f:1:39: `check.expect` is `200`: of tcp only true (it connects) or false can be expected',
    ]);
  });
});

describe('a condition', () => {
  it.each([
    'error_rate < 1% for 5s',
    'api is healthy',
    '{ http: "http://h/", expect: 503 }',
    '{ all: [api is down, { not: { any: [p95_latency_ms > 1s, { tcp: "h:1" }] } }] }',
  ])('%s is valid', (text) => {
    expect(mistakesIn(`if: ${text}`)).toEqual([]);
  });

  it.each([
    ['api is helthy', ['f:1:5: `if` is `api is helthy`: a node is healthy or down, not `helthy`']],
    ['foo', [known('^f:1:5: `if` is `foo`: must be METRIC .*; or NODE is healthy, or NODE is down$')]],
    ['error_rate > 90', ['f:1:5: `if` is `error_rate > 90`: error_rate is a share: 90% or 0.9']],
    [
      '{ all: [api is down, { not: { htp: "http://h/" } }, { any: [foo is up, {}] }] }',
      [
        known('^f:1:35: unknown key `htp` in if.all\\[1\\].not; did you mean `http`?'),
        'f:1:65: `if.all[2].any[0]` is `foo is up`: a node is healthy or down, not `up`',
        known('^f:1:76: `if.all\\[2\\].any\\[1\\]` is a mapping: needs one of http'),
      ],
    ],
    ['{ all: [] }', ['f:1:12: `if.all` is an empty list, but must be a list of at least 1']],
    ['{ not: api is down, expect: 3 }', ['f:1:33: `if.expect` is `3`: belongs to a probe, not to not']],
  ])('%s has its mistakes told at the very key', (text, expected) => {
    expect(mistakesIn(`if: ${text}`)).toEqual(expected);
  });
});

describe('an action that looks', () => {
  it.each([
    '{ type: http_request, url: "http://h/", method: POST, body: x, expect: [2xx, 404] }',
    '{ type: run_command, run: [ls], expect: { stdout: { regex: a } } }',
  ])('%s is valid', (text) => {
    expect(mistakesIn(`actions: [${text}]`)).toEqual([]);
  });

  it.each([
    [
      '{ type: http_request, url: "http://h/", expect: { exit: 2 } }',
      known('^f:1:61: unknown key `exit` in actions\\[0\\].expect. Known: .*status, headers, body, probe$'),
    ],
    ['{ type: http_request, url: h }', known('^f:1:38: `actions\\[0\\].url` is `h`: must be a URL')],
    ['{ type: run_command, run: [] }', known('^f:1:37: `actions\\[0\\].run` is an empty list')],
  ])('%s has its mistake told at the very key', (text, expected) => {
    expect(mistakesIn(`actions: [${text}]`)).toEqual([expected]);
  });
});

it('gives editors a JSON schema', () => {
  const { properties } = z.toJSONSchema(checkSchema, { io: 'input' });
  expect(Object.keys(properties ?? {})).toContain('http');
  expect(JSON.stringify(z.toJSONSchema(conditionSchema, { io: 'input' }))).toContain('NODE is down');
});
