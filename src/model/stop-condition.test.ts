import { describe, expect, it } from 'vitest';
import { parseMetricCondition, parseStopCondition } from './stop-condition.ts';

describe('a stop condition', () => {
  it.each([
    ['error_rate > 90% for 10s', { metric: 'error_rate', comparison: '>', limit: 0.9, forSec: 10 }],
    ['error_rate>=0.5 for 1m', { metric: 'error_rate', comparison: '>=', limit: 0.5, forSec: 60 }],
    ['p95_latency_ms > 2s for 5 s', { metric: 'p95_latency_ms', limit: 2000, forSec: 5 }],
    [
      '  throughput_rps < 10 rps for 3s ',
      { metric: 'throughput_rps', comparison: '<', limit: 10, forSec: 3 },
    ],
  ])('%s', (text, expected) => {
    expect(parseStopCondition(text)).toMatchObject({ ...expected, text: text.trim() });
  });

  it.each([
    ['error_rate > 90%', /must be METRIC <, <=, > or >= VALUE for DURATION/],
    ['errors > 90% for 10s', /no metric `errors`; there are error_rate/],
    ['error_rate > 90 for 10s', /90% or 0\.9/],
    ['error_rate > 90ms for 10s', /error_rate is given in %, not `ms`/],
    ['throughput_rps < 1 for 0.5s', /at least one second/],
    ['throughput_rps < 1 for 0s', /at least one second/],
    ['throughput_rps < 1 for 1441m', /longer than a day/],
  ])('%s is refused', (text, problem) => {
    expect(parseStopCondition(text)).toMatch(problem);
  });
});

describe('a condition on a metric', () => {
  it.each([
    ['error_rate < 1%', { metric: 'error_rate', comparison: '<', limit: 0.01, forSec: 1 }],
    ['p95_latency_ms<200ms for 5s', { metric: 'p95_latency_ms', limit: 200, forSec: 5 }],
  ])('%s', (text, expected) => {
    expect(parseMetricCondition(text)).toMatchObject({ ...expected, text });
  });

  it.each([
    ['error_rate', /^must be METRIC <, <=, > or >= VALUE, for example/],
    ['error_rate < 1% for', /must be METRIC/],
    ['error_rate < 1% for 0s', /at least one second/],
    [
      'error_rate < 1% for 500ms',
      /^`for` takes seconds or minutes, such as `for 5s` or `for 2m`, not `500ms`/,
    ],
    ['error_rate < 1% for 3 hours', /^`for` takes seconds or minutes/],
  ])('%s is refused', (text, problem) => {
    expect(parseMetricCondition(text)).toMatch(problem);
  });
});
