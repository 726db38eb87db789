import { binCount, binOf, lowestOf, widthBitsOf } from '../model/log-bin.ts';

/**
 * When in its second a request was due, and how long it took, in one number of 32 bits: twenty for whole microseconds,
 * twelve for the bin of the latency (see `binOf`), which is within 0.4%. Moments of one second ascend with time.
 */
const latencyBits = 12;
const noLatency = (1 << latencyBits) - 1;
const lastUs = 999_999;

/** @param latencyUs A whole number; negative where there is none. */
export function momentOf(us: number, latencyUs: number): number {
  const at = Math.min(Math.round(us), lastUs);
  return ((at << latencyBits) | (latencyUs < 0 ? noLatency : binOf(latencyUs))) >>> 0;
}

/** In seconds, from 0 to 1. */
export function fractionOf(moment: number): number {
  return (moment >>> latencyBits) / 1e6;
}

/** The middle of its bin; NaN where there is no latency. */
export function latencyMsOf(moment: number): number {
  return middlesMs[moment & noLatency]!;
}

const middlesMs = Float64Array.from({ length: noLatency + 1 }, (_, bin) =>
  bin < binCount ? (lowestOf(bin) + (2 ** widthBitsOf(bin) - 1) / 2) / 1000 : Number.NaN,
);
