import { describe, expect, it } from 'vitest';
import { parseGate } from './gate-parser.ts';

describe('a gate', () => {
  it.each<[string, object]>([
    ['error_rate < 1%', { metric: { of: 'requests', figure: 'error_rate' }, comparison: '<', limit: 0.01 }],
    ['availability == 100%', { comparison: '==', limit: 1 }],
    ['availability >= 99.9%', { comparison: '>=', limit: 0.999 }],
    [
      'p(99) < 250 during recovery',
      { metric: { of: 'quantile', percent: 99 }, limit: 250, phase: 'recovery' },
    ],
    ['p99.9<2s', { metric: { of: 'quantile', percent: 99.9 }, limit: 2000 }],
    ['p95_latency_ms <= 100ms', { metric: { of: 'quantile', percent: 95 }, limit: 100 }],
    ['recovery_time_sec <= 10 for service-node-2', { limit: 10, node: 'service-node-2', phase: null }],
    ['outage_sec <= 500 ms', { metric: { of: 'fault', figure: 'outage_sec' }, limit: 0.5 }],
    ['lost_writes == 0', { metric: { of: 'lost_writes' }, comparison: '==', limit: 0 }],
    [
      'regression(p(99)) < 10%',
      { metric: { of: 'regression', metric: { of: 'quantile', percent: 99 } }, limit: 10 },
    ],
    [
      'dropped != 3 for 127.0.0.1:8001 during "steady (2)"',
      { comparison: '!=', node: '127.0.0.1:8001', phase: 'steady (2)' },
    ],
    ["throughput_rps >= 45 rps during 'a b'", { limit: 45, phase: 'a b' }],
  ])('%s', (text, meant) => {
    expect(parseGate(text)).toMatchObject({ text, ...meant });
  });

  it.each<[string, number, string]>([
    ['', 0, 'a gate begins with a metric'],
    ['< 1%', 0, 'a gate begins with a metric, such as `error_rate < 1%`'],
    [
      'eror_rate < 1%',
      0,
      'there is no metric `eror_rate`; did you mean `error_rate`? There are error_rate, ',
    ],
    ['throughput > 5', 0, 'did you mean `throughput_rps`?'],
    ['regresion(p95) < 5%', 0, 'did you mean `regression(METRIC)`?'],
    ['p < 5', 0, '`p` needs to know of what: `p(99)`'],
    ['p(99 < 250', 5, '`)` is missing, not `<`'],
    ['p(x) < 1', 2, 'a percentile, such as `p(99)`, must stand here, not `x)`'],
    ['p999 < 1', 0, 'a percentile lies between 0 and 100, not at 999; did you mean `p(99.9)`?'],
    ['error_rate 1%', 11, '<, <=, >, >=, ==, != must stand here, and a limit, not `1%`'],
    ['error_rate = 1%', 11, 'there is no comparison `=`; did you mean `==`?'],
    ['error_rate <', 12, 'a limit, as a number, must stand here'],
    ['error_rate < 5', 13, 'error_rate is a share: 5% or 0.05'],
    ['error_rate < 1', 13, 'error_rate is a share: 1% or 0.01, and 100% for all'],
    ['availability >= 1.0 for a', 16, 'availability is a share: 1% or 0.01, and 100% for all'],
    ['error_rate < 101%', 13, 'error_rate is a share'],
    ['error_rate < 1 ms', 15, 'error_rate is given in %, not in `ms`'],
    ['p(99) < 250%', 11, 'p99 is given in ms or s, not in `%`'],
    ['dropped == 1%', 12, 'dropped is a number without a unit, not in `%`'],
    ['regression(p95) < 10', 18, 'regression(p95) is given in %: `10%`'],
    ['regression(dropped) < 10%', 11, 'a regression is of a rate or a latency, not of dropped'],
    ['regression(regression(p95)) < 1%', 11, 'a regression is not of another one'],
    ['dropped < 1 constructor', 12, 'not in `constructor`'],
    ['error_rate < 1% durin x', 16, '`durin` is neither; did you mean `during`?'],
    ['recovery_time_sec < 1 form x', 22, '`form` is neither; did you mean `for`?'],
    ['error_rate < 1% during', 22, '`during` needs the name of a phase'],
    ['error_rate < 1% during "a', 25, '" is missing'],
    ['error_rate < 1% during a during b', 25, '`during` is said twice'],
    ['error_rate < 1% during steady (2)', 30, '`(2)` is neither'],
    [
      'anomaly_windows == 0 for a',
      21,
      'anomaly_windows is of all nodes together: `for` cannot be said of it',
    ],
    ['lost_writes == 0 during a', 17, 'lost_writes is of the whole run: `during` cannot be said of it'],
  ])('%s is none, and it is said where', (text, at, message) => {
    expect(parseGate(text)).toEqual({ at, message: expect.stringContaining(message) });
  });
});
