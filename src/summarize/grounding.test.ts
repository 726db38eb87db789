import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAnalysis } from '../testing/analysis-builder.ts';
import { factsOf } from './gather.ts';
import { unfoundedNumbers } from './grounding.ts';
import { knownIn } from './numbers.ts';

const usual = buildAnalysis();
const facts = factsOf({
  ...usual,
  baseline_summary: { ...usual.baseline_summary, throughput_rps: 50, error_rate: 0, p95_latency_ms: 144.46 },
  run_summary: {
    ...usual.run_summary,
    due: 12_345,
    throughput_rps: 48.7,
    error_rate: 0.3327,
    p95_latency_ms: 912,
  },
  warnings: [
    'its manifest counts 40 requests',
    '37 rows were left out; the generator lagged by 12.5 ms with http_503',
  ],
});

describe('numbers that are founded', () => {
  it.each([
    ['as they stand', 'The error rate was 33.3 %, throughput 48.7 requests/s, p95 912 ms.'],
    ['rounded', 'About 33 % of requests failed at 49 rps.'],
    ['with all the decimals that the analysis has', 'It was 33.27 %, or 33.3 %; throughput fell by 2.60 %.'],
    ['in bold, code, italics and tables', '**33.3**% and `48.7`/s, _33.3 %_ | 912 |'],
    ['with thousands separated', '12,345 requests, 12’345 requests, 12\u202f345 requests, 12345 requests'],
    ['a share as a ratio', 'a ratio of 0.333, 0.33 or 0.3'],
    ['milliseconds as seconds', 'p95 rose to 0.912 s, that is 0.9 or about 1 second'],
    ['seconds as milliseconds and minutes', '20 s, 20,000 ms, 1.33 min of 1 min 20 s'],
    ['a negative without its sign', 'Throughput fell by 2.6 %.'],
    ['signs that agree', 'throughput −2.6 %, error rate +33.3 points'],
    ['ranges', 'from 30–50 s, 144–912 ms, seconds 30-50'],
    ['a unit joined by a hyphen', 'a 21-second window'],
    ['counts in words', 'three nodes and three phases, one of three nodes killed by 1 fault'],
    [
      'of a warning, with the unit it has there',
      'The generator lagged by 12.5 ms; 37 rows were left out (http_503), 40 requests counted.',
    ],
  ])('%s', (_, text) => {
    expect(unfoundedNumbers(text, facts)).toEqual([]);
  });
});

describe('digits that are no numbers', () => {
  it.each([
    [
      'names',
      'service-node-2 and service-node-1 (fault f1), in `service-node-2`’s log. Service-node-3, too.',
    ],
    ['run ids', 'node_failure_recovery-http-20260314-120500 against baseline-http-20260314-120000'],
    ['percentiles', 'p50, p95 and P99; the 95th percentile'],
    ['list numbering', '1. First\n2) Second\n   3. Third\n\n### 4. Fourth'],
    ['the date and time in a run id', 'On 2026-03-14 at 12:05, and on 2026-03-14T12:05:00'],
    ['the two runs that are compared', 'The two runs differ.'],
  ])('%s', (_, text) => {
    expect(unfoundedNumbers(text, facts)).toEqual([]);
  });
});

describe('numbers that are unfounded', () => {
  it.each([
    ['a number of no fact', 'It took 17.2 s.', ['17.2 s']],
    ['one that rounds otherwise', 'It was 33.5 % or 34 %.', ['33.5 %', '34 %']],
    ['further decimals that are wrong', 'It was 33.28 % or 33.271 %.', ['33.28 %', '33.271 %']],
    [
      'the number of a warning with another unit',
      '40 nodes, 37 requests, 12.5 %, 12.5 s',
      ['40 nodes', '37 requests', '12.5 %', '12.5 s'],
    ],
    [
      'the count of something else',
      '4 nodes, 3 faults, 1 phase, 12,345 windows',
      ['4 nodes', '3 faults', '1 phase', '12,345 windows'],
    ],
    [
      'the number of another unit',
      'p95 was 48.7 ms at 912 requests/s; 20 % of 144.5 requests',
      ['48.7 ms', '912 requests/s', '20 %', '144.5 requests'],
    ],
    ['a wrong sign', 'throughput +2.6 %, error rate -33.3 points', ['+2.6 %', '-33.3 points']],
    ['a coarse conversion', 'It took 2 min or 0.1 min.', ['2 min', '0.1 min']],
    ['a list number in a sentence', 'There were 4. Then', ['4']],
    ['another date', 'On 2026-03-15 at 13:05', ['2026-03-15', '13:05']],
    ['an invented node', 'service-node-7, node-2 and p90', ['service-node-7', 'node-2', 'p90']],
    ['an invented status', 'HTTP 502, http_502, 5xx', ['502', 'http_502', '5xx']],
    [
      'multiples and fractions',
      'It doubled: 6.3× or 6x, 6 times, 1/3, a third, half, ½, tenfold',
      ['doubled', '6.3×', '6x', '6 times', '1/3', 'a third', 'half', '½', 'tenfold'],
    ],
    [
      'counts in words',
      'two windows after nine faults, dozens of errors',
      ['two windows', 'nine faults', 'dozens'],
    ],
    ['a wrong duration', '1 min 23 s', ['1 min 23 s']],
    ['scientific notation', '1.2e3 requests', ['1.2e3']],
    ['digits of another script', '٣٣ %', ['٣']],
  ])('%s', (_, text, expected) => {
    expect(unfoundedNumbers(text, facts)).toEqual(expected);
  });

  it('names each once, in the order of the text', () => {
    expect(unfoundedNumbers('99 % here, 77 s there, 99 % again', facts)).toEqual(['99 %', '77 s']);
  });
});

describe('any number of the facts', () => {
  const numbers = fc.constantFrom(...knownIn(facts).numbers);
  const decimals = fc.integer({ min: 0, max: 4 });
  const unitOf = {
    share: ' %',
    rate: ' requests/s',
    count: ' requests',
    nodes: ' nodes',
    phases: ' phases',
    faults: ' faults',
    windows: ' windows',
    unknown: '',
  } as const;

  it('is founded in every rounding, with its unit and without', () => {
    fc.assert(
      fc.property(numbers, decimals, ({ value, dimension, unitSec }, k) => {
        const unit = dimension === 'time' ? (unitSec === 1 ? ' s' : ' ms') : unitOf[dimension];
        const written = value.toFixed(k);
        expect(unfoundedNumbers(`It was ${written}${unit}.`, facts)).toEqual([]);
        expect(unfoundedNumbers(`It was ${written.replace('-', '')}, they say.`, facts)).toEqual([]);
      }),
    );
  });

  it('is founded with thousands separated', () => {
    fc.assert(
      fc.property(numbers, ({ value }) => {
        expect(unfoundedNumbers(`${value.toLocaleString('en-US')} it was`, facts)).toEqual([]);
      }),
    );
  });

  it('is unfounded once it is off by more than its last digit', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 3, max: 4 }), ({ value }, k) => {
        const near = (value + 2 * 10 ** -k).toFixed(k);
        const isOther = knownIn(facts).numbers.some(
          (other) => Math.abs(Math.abs(other.value) - Math.abs(Number(near))) < 10 ** -k,
        );
        fc.pre(!isOther && k > 2);
        expect(unfoundedNumbers(`It was ${near} %.`, facts)).toHaveLength(1);
      }),
    );
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(Array.isArray(unfoundedNumbers(text, facts))).toBe(true);
      }),
    );
  });
});
