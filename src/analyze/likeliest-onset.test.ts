import { describe, expect, it } from 'vitest';
import { Histogram } from '../model/histogram.ts';
import { seededRandom } from '../model/random.ts';
import { LatencyDensity } from './latency-density.ts';
import { likeliestOnset } from './likeliest-onset.ts';

/** Between 5 and 20 ms, the same at every call. */
function draws(seed: number): () => number {
  const random = seededRandom(seed);
  return () => 5 * 4 ** random();
}

const usualMs = draws(1);
const latencies = new Histogram();
for (let request = 0; request < 5000; request += 1) latencies.add(usualMs());
const usual = {
  density: new LatencyDensity(latencies),
  p50Ms: latencies.quantileMs(0.5)!,
  p95Ms: latencies.quantileMs(0.95)!,
};

/** A hundred requests a second, for six seconds; something is known to be wrong after four. */
function onsetSec(addedMs: (sec: number) => number, level = 1): number {
  const drawMs = draws(2);
  const secs = Array.from({ length: 600 }, (_, request) => request / 100);
  const latenciesMs = secs.map((sec) => drawMs() * level + addedMs(sec));
  const index = likeliestOnset({ secs, latenciesMs, surelyFrom: 400 }, usual);
  return index / 100;
}

describe('the likeliest beginning', () => {
  it('of a step is its first request, though most latencies are below what any one of them may be', () => {
    expect(onsetSec((sec) => (sec < 3 ? 0 : 12))).toBeCloseTo(3, 1);
  });

  it('of latencies that grow evenly is where they begin to', () => {
    expect(onsetSec((sec) => Math.max(sec - 2.5, 0) * 15)).toBeCloseTo(2.5, 0);
    expect(Math.abs(onsetSec((sec) => Math.max(sec - 2.5, 0) * 15) - 2.5)).toBeLessThan(0.15);
  });

  it('is the same where all are a fifth slower for a while', () => {
    expect(Math.abs(onsetSec((sec) => Math.max(sec - 2.5, 0) * 15, 1.2) - 2.5)).toBeLessThan(0.15);
  });

  it('is not that of a single hiccup before', () => {
    expect(onsetSec((sec) => (sec < 3 && (sec < 1 || sec > 1.05) ? 0 : 12))).toBeCloseTo(3, 1);
  });

  it('is nowhere where nothing has changed', () => {
    expect(onsetSec(() => 0)).toBe(6);
  });
});
