import { describe, expect, it } from 'vitest';
import { configSchema } from '../model/config.ts';
import { scenarioSchema } from '../model/scenario.ts';
import { mistakesIn } from '../testing/mistakes.ts';

const load = (rps: string) =>
  mistakesIn(
    `{ name: s, phases: [{ name: p, duration_sec: 1, actions: [{ type: start_load, target: a, rps: ${rps} }] }] }`,
    scenarioSchema,
  ).map((text) => text.replace(/^f.yaml:[\d:]+ /, '').replaceAll('phases[0].actions[0].', ''));

describe('of a value that may have several shapes, the nearest is what is told of', () => {
  it.each([
    ['{ from: 1 }', ['`rps.to` is missing: a number']],
    ['{ steps: [1, 2] }', ['`rps.every_sec` is missing: a number']],
    [
      '{ mean: 10, ampliude: 2, period_sec: 1 }',
      ['unknown key `ampliude` in rps; did you mean `amplitude`? Known: mean, amplitude, period_sec'],
    ],
    ['{ mean: 0, amplitude: 0, period_sec: 1 }', ['`rps.mean` is `0`, but must be more than 0']],
    ['[1]', ['`rps` is a list, but must be a number or a mapping']],
    ['"10"', ['`rps` is `"10"`, a text, but must be a number or a mapping']],
    [
      '{ from: "1e3", to: ten }',
      ['`rps.from` is `"1e3"`, a text, but must be a number', '`rps.to` is `ten`, but must be a number'],
    ],
  ])('rps: %s', (rps, expected) => {
    expect(load(rps)).toEqual(expected);
  });

  it('words that may stand for a number are told beside it', () => {
    expect(mistakesIn('load: { workers: two }', configSchema)).toEqual([
      'f.yaml:1:18: `load.workers` is `two`, but must be `auto` or a number',
    ]);
  });
});

describe('headers', () => {
  it.each([
    ['"bad name": x', '`http_workload.headers.bad name` is `x`: must be a header such as X-Request-Id: abc'],
    ['Content-Length: "5"', '`http_workload.headers.Content-Length` is `5`: orch sees to it itself'],
  ])('%s cannot be sent', (header, expected) => {
    const [told] = mistakesIn(`http_workload: { headers: { ${header} } }`, configSchema);
    expect(told).toContain(expected);
  });

  it('of any other kind can, with what is filled in', () => {
    expect(mistakesIn('http_workload: { headers: { X-Id: "{{uuid}}", host: shop } }', configSchema)).toEqual(
      [],
    );
  });
});
