import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { deviation } from '../bench/grid.ts';
import { askedFor, optionsOf } from '../bench/options.ts';
import { ratioTable } from '../bench/table.ts';

describe('the deviation of arrivals from a constant rate', () => {
  const [rps, sec] = [1000, 11];

  /** Request n arrives `lateMs(n)` after it was due, on a clock that stood anywhere. */
  const arrivals = (lateMs: (n: number) => number) =>
    Float64Array.from({ length: rps * sec }, (_, n) => 123_456.7 + n + lateMs(n));

  it('is none where all are equally late', () => {
    const found = deviation(
      arrivals(() => 5),
      rps,
      sec,
    );
    expect(found.arrived).toBe(1);
    for (const ms of [found.p50Ms, found.p99Ms, found.p999Ms]) expect(ms).toBeCloseTo(0, 6);
  });

  it('is how late they are beside the earliest, by nearest rank, without the first second', () => {
    // Each second begins with a stall of 20 ms, after which those come together that waited; the first begins late, and catches up.
    const late = (n: number) => (n < rps ? 500 - n / 2 : Math.max(20 - (n % rps), 0));
    const found = deviation(arrivals(late), rps, sec);
    expect(found.p50Ms).toBeCloseTo(0, 6);
    expect(found.p99Ms).toBeCloseTo(10, 6);
    expect(found.p999Ms).toBeCloseTo(19, 6);
  });

  it('tells that some did not arrive', () => {
    const some = arrivals(() => 0).filter((_, n) => n % 10 > 0);
    expect(deviation(some, rps, sec).arrived).toBe(0.9);
  });
});

describe('the table of ratios', () => {
  it('takes the median of the ratios of paired rounds, and holds it against the goal', () => {
    const paired = { what: 'µs', ours: [10, 300, 20], theirs: [10, 100, 40] };
    const text = ratioTable([
      { ...paired, peer: 'a', goal: { atMost: 1 } },
      { ...paired, peer: 'b', goal: { atLeast: 1.1 } },
      { ...paired, peer: 'c' },
      { ...paired, peer: 'd', theirs: null, goal: { atMost: 1 } },
    ]);
    const [, , ...lines] = text.split('\n');
    const figures = '20.0 (10.0–300) | 40.0 (10.0–100) | 1.00 (0.50–3.00)';
    expect(lines).toEqual([
      `| µs | a | ${figures} | ≤ 1.00 | yes |`,
      `| µs | b | ${figures} | ≥ 1.10 | no |`,
      `| µs | c | ${figures} |  |  |`,
      '| µs | d | 20.0 (10.0–300) | not here |  | ≤ 1.00 |  |',
    ]);
  });
});

describe('what benchmarks are told', () => {
  const all = ['load', 'csv', 'start'] as const;

  it('is each option to those of the named that know it', () => {
    expect(askedFor(['start', 'csv', '--rounds', '3', '--rows=9'], all)).toEqual([
      { benchmark: 'csv', args: ['--rounds', '3', '--rows', '9'] },
      { benchmark: 'start', args: ['--rounds', '3'] },
    ]);
    expect(askedFor([], all).map(({ benchmark }) => benchmark)).toEqual(all);
    expect(optionsOf('start', ['--rounds', '3'])).toEqual({ rounds: '3' });
    expect(optionsOf('csv', ['--python', 'py'])).toMatchObject({ rounds: '3', python: 'py' });
  });

  it.each([
    [['--nope'], /^Unknown option '--nope'/],
    [['start', '--rows', '9'], /^--rows is no option of start$/],
    [['nope'], /^no such benchmark: nope; there are load, csv, start$/],
  ])('%j is refused', (args, message) => {
    expect(() => askedFor(args, all)).toThrow(message);
  });

  it('is refused where it is no number, or unknown, in one line', () => {
    expect(() => optionsOf('start', ['--rounds', 'many'])).toThrow(
      '--rounds must be a number above 0, not many',
    );
    expect(() => optionsOf('start', ['start'])).toThrow();
    const { status, stderr } = spawnSync(process.execPath, ['bench/start.ts', '--nope'], {
      encoding: 'utf8',
    });
    expect([status, stderr.trim().split('\n')]).toEqual([2, [expect.stringContaining("'--nope'")]]);
  });
});
