import type { Random } from '../../model/random.ts';

/** How a service is while nothing is wrong with it. */
export interface Weather {
  readonly medianMs: number;
  /** Standard deviation of the latency's logarithm. */
  readonly spread: number;
  /** Which share of the requests has a latency of a Pareto distribution (α = 1.5) on top. */
  readonly tailShare: number;
  /** How far the level wanders: standard deviation of its logarithm, with a memory of some seconds. */
  readonly wander: number;
  /** Hiccups of the whole machine a second, and how long one is on average: all that is due waits for its end. */
  readonly hiccupsPerSec: number;
  readonly hiccupSec: number;
  /** Which share of the requests fails for no reason. */
  readonly strayShare: number;
}

export const weathers = {
  calm: {
    medianMs: 3,
    spread: 0.3,
    tailShare: 0.002,
    wander: 0.05,
    hiccupsPerSec: 0.02,
    hiccupSec: 0.03,
    strayShare: 0,
  },
  usual: {
    medianMs: 12,
    spread: 0.5,
    tailShare: 0.01,
    wander: 0.1,
    hiccupsPerSec: 0.1,
    hiccupSec: 0.08,
    strayShare: 0.0005,
  },
  rough: {
    medianMs: 30,
    spread: 0.8,
    tailShare: 0.03,
    wander: 0.15,
    hiccupsPerSec: 0.2,
    hiccupSec: 0.15,
    strayShare: 0.002,
  },
} as const satisfies Record<string, Weather>;

/** A time, in seconds of the script, in which nothing was answered that came. */
export interface Hiccup {
  readonly fromSec: number;
  readonly toSec: number;
}

export type WeatherName = keyof typeof weathers;

const memorySec = 4;
const paretoShape = 1.5;
const longestMs = 2000;

/** Latencies as a service in some weather has them: heavy-tailed, autocorrelated, with hiccups that many requests share. */
export class Noise {
  /** Those that there have been, by their start. */
  readonly hiccups: Hiccup[] = [];
  readonly #weather: Weather;
  readonly #random: Random;
  #level = 0;
  #atSec = 0;
  #hiccupAtSec: number;
  #busyUntilSec = 0;

  constructor(weather: Weather, random: Random) {
    this.#weather = weather;
    this.#random = random;
    this.#hiccupAtSec = this.#exponential(1 / weather.hiccupsPerSec);
  }

  isStray(): boolean {
    return this.#random() < this.#weather.strayShare;
  }

  /** Of a request that comes at a time; each no earlier than the one before. */
  latencyMs(sec: number): number {
    const { medianMs, spread, tailShare, wander, hiccupsPerSec, hiccupSec } = this.#weather;
    const memory = Math.exp(-(sec - this.#atSec) / memorySec);
    this.#atSec = sec;
    this.#level = this.#level * memory + wander * Math.sqrt(1 - memory ** 2) * this.#normal();
    while (this.#hiccupAtSec <= sec) {
      const hiccup = { fromSec: this.#hiccupAtSec, toSec: this.#hiccupAtSec + this.#exponential(hiccupSec) };
      this.hiccups.push(hiccup);
      this.#busyUntilSec = Math.max(this.#busyUntilSec, hiccup.toSec);
      this.#hiccupAtSec += this.#exponential(1 / hiccupsPerSec);
    }
    const tail = this.#random() < tailShare ? medianMs * (1 - this.#random()) ** (-1 / paretoShape) : 0;
    const bodyMs = medianMs * Math.exp(this.#level + spread * this.#normal());
    return Math.min(bodyMs + tail, longestMs) + Math.max(this.#busyUntilSec - sec, 0) * 1000;
  }

  #exponential(mean: number): number {
    return -mean * Math.log(1 - this.#random());
  }

  /** By Box and Muller, 1958. */
  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }
}
