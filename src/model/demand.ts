/** What load is meant to be: how much of it, and when. */

/** An arrival rate over time, in requests per second, counted from when the load begins. After its end it stays as it was last. */
export type Rate =
  | { readonly shape: 'constant'; readonly rps: number }
  /** Grows or falls evenly. */
  | { readonly shape: 'ramp'; readonly fromRps: number; readonly toRps: number; readonly overMs: number }
  /** Each rate in its turn. */
  | { readonly shape: 'steps'; readonly rps: readonly number[]; readonly everyMs: number }
  /** Swings about a mean; `amplitudeRps` is at most that. */
  | {
      readonly shape: 'sine';
      readonly meanRps: number;
      readonly amplitudeRps: number;
      readonly periodMs: number;
    };

/** An open model: requests are due at their times, whatever the nodes do. */
export interface OpenDemand {
  readonly model: 'open';
  readonly rate: Rate;
  /** Evenly spaced, or as a Poisson process: independent of each other, with exponential gaps. */
  readonly arrivals: 'uniform' | 'poisson';
}

/** A closed model: so many virtual users, each of whom waits for an answer, thinks, and asks again. */
export interface ClosedDemand {
  readonly model: 'closed';
  readonly vus: number;
  readonly thinkMs: number;
}

export type Demand = OpenDemand | ClosedDemand;

/** The arrival rate at a time of the load, in requests per second; null for a closed model, which has none. */
export function rateAt(demand: Demand, atMs: number): number | null {
  return demand.model === 'closed' ? null : rpsAt(demand.rate, atMs);
}

/** The highest arrival rate that a load comes to, in requests per second; null for a closed model. */
export function peakRate(demand: Demand): number | null {
  if (demand.model === 'closed') return null;
  const { rate } = demand;
  switch (rate.shape) {
    case 'constant':
      return rate.rps;
    case 'ramp':
      return Math.max(rate.fromRps, rate.toRps);
    case 'steps':
      return Math.max(...rate.rps);
    case 'sine':
      return rate.meanRps + rate.amplitudeRps;
  }
}

function rpsAt(rate: Rate, atMs: number): number {
  switch (rate.shape) {
    case 'constant':
      return rate.rps;
    case 'ramp':
      return rate.fromRps + (rate.toRps - rate.fromRps) * Math.min(Math.max(atMs / rate.overMs, 0), 1);
    case 'steps':
      return rate.rps[Math.min(Math.floor(Math.max(atMs, 0) / rate.everyMs), rate.rps.length - 1)] ?? 0;
    case 'sine':
      return rate.meanRps + rate.amplitudeRps * Math.sin((2 * Math.PI * atMs) / rate.periodMs);
  }
}

/** The same load with a share of its rate, or of its users. */
export function scaled(demand: Demand, share: number): Demand {
  if (demand.model === 'closed') return { ...demand, vus: Math.max(Math.round(demand.vus * share), 1) };
  return { ...demand, rate: scaledRate(demand.rate, share) };
}

function scaledRate(rate: Rate, share: number): Rate {
  switch (rate.shape) {
    case 'constant':
      return { ...rate, rps: rate.rps * share };
    case 'ramp':
      return { ...rate, fromRps: rate.fromRps * share, toRps: rate.toRps * share };
    case 'steps':
      return { ...rate, rps: rate.rps.map((rps) => rps * share) };
    case 'sine':
      return { ...rate, meanRps: rate.meanRps * share, amplitudeRps: rate.amplitudeRps * share };
  }
}

/** `50 rps`, `10 to 200 rps over 30 s, Poisson`, `20 users, thinking 0.5 s`. */
export function demandText(demand: Demand): string {
  if (demand.model === 'closed') {
    const users = `${demand.vus} ${demand.vus === 1 ? 'user' : 'users'}`;
    return demand.thinkMs === 0 ? users : `${users}, thinking ${demand.thinkMs / 1000} s`;
  }
  const text = rateText(demand.rate);
  return demand.arrivals === 'poisson' ? `${text}, Poisson` : text;
}

function rateText(rate: Rate): string {
  switch (rate.shape) {
    case 'constant':
      return `${short(rate.rps)} rps`;
    case 'ramp':
      return `${short(rate.fromRps)} to ${short(rate.toRps)} rps over ${short(rate.overMs / 1000)} s`;
    case 'steps':
      return `${rate.rps.map(short).join(', ')} rps, each for ${short(rate.everyMs / 1000)} s`;
    case 'sine':
      return `${short(rate.meanRps)} ± ${short(rate.amplitudeRps)} rps in ${short(rate.periodMs / 1000)} s`;
  }
}

function short(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** Evenly so many requests a second. */
export function constantRate(rps: number): OpenDemand {
  return { model: 'open', rate: { shape: 'constant', rps }, arrivals: 'uniform' };
}
