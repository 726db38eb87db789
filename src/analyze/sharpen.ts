import type { Ground } from './belief.ts';
import { likeliestOnset } from './likeliest-onset.ts';
import { isAnswered, ok } from './moments.ts';
import type { LatencyProfile } from './profile.ts';
import { membership } from './scopes.ts';
import type { Found } from './watch-run.ts';

/** So far from where it was found an edge is looked for: as long as it takes for so many requests, within bounds. */
const look = { requests: 60, leastSec: 2, mostSec: 4 };
/** Fewer requests say nothing; of more, every so manieth will do. */
const leastRequests = 10;
const mostRequests = 4000;
/** Where fewer of the requests are concerned, they are of several nodes, and only some of these are. */
const leastConcerned = 0.6;

/** A shift that was found, and whether others know better when it was. */
export interface Sharpened extends Found {
  /** Whether most of its requests were as usual. */
  readonly isDiluted: boolean;
}

/**
 * Puts the beginning and the end of shifts of latencies where the latencies themselves say that it is likeliest, and not only
 * how many of them are above a limit.
 */
export function sharpened(found: readonly Found[], ground: Ground): Sharpened[] {
  return found.map((one) => {
    const profile = ground.profiles[one.scope];
    if (!isOfLatency(one) || !profile?.latency) return { ...one, isDiluted: false };
    if (concernedShare(one, profile.latency, ground) < leastConcerned) return { ...one, isDiluted: true };
    const others = found.filter((other) => other.scope === one.scope && isOfLatency(other));
    return { ...one, ...edgesOf(one, others, profile.latency, profile.dueRps, ground), isDiluted: false };
  });
}

function isOfLatency({ symptom }: Found): boolean {
  return symptom === 'median' || symptom === 'tail';
}

/** Its beginning and its end, which may be anywhere between the shifts before and after it. */
function edgesOf(
  { scope, startSec, endSec, ended }: Found,
  others: readonly Found[],
  latency: LatencyProfile,
  dueRps: number,
  ground: Ground,
): Pick<Found, 'startSec' | 'endSec'> {
  const { run } = ground;
  const freeFromSec = Math.max(
    run.fromSec,
    ...others.map((other) => other.endSec).filter((sec) => sec <= startSec),
  );
  const freeToSec = Math.min(
    run.toSec,
    ...others.map((other) => other.startSec).filter((sec) => sec >= endSec),
  );
  const outwardsSec = Math.min(Math.max(look.requests / dueRps, look.leastSec), look.mostSec);
  const inwardsSec = Math.min(outwardsSec, (endSec - startSec) / 2);
  const atStart = requestsIn(
    scope,
    Math.max(startSec - outwardsSec, freeFromSec),
    startSec + inwardsSec,
    ground,
  );
  const atEnd = requestsIn(scope, endSec - inwardsSec, Math.min(endSec + outwardsSec, freeToSec), ground);
  const sharp = {
    startSec: startIn(atStart, startSec, latency),
    endSec: ended ? endIn(atEnd, endSec, latency) : endSec,
  };
  return sharp.startSec < sharp.endSec ? sharp : { startSec, endSec };
}

/** Which share of the requests took longer than usual by more than what counts as a shift, beyond those that usually do. */
function concernedShare(
  { scope, startSec, endSec }: Found,
  { median }: LatencyProfile,
  ground: Ground,
): number {
  let [all, above] = [0, 0];
  eachRequest(scope, startSec, endSec, ground, (_, latencyMs) => {
    all += 1;
    if (latencyMs > median.limitMs) above += 1;
  });
  return (above / Math.max(all, 1) - median.usualShare) / (1 - median.usualShare);
}

interface Requests {
  readonly secs: readonly number[];
  readonly latenciesMs: readonly number[];
}

function startIn({ secs, latenciesMs }: Requests, foundSec: number, latency: LatencyProfile): number {
  return secs[onsetOf(secs, latenciesMs, foundSec, latency)] ?? foundSec;
}

/** An end is a beginning that is seen from behind. */
function endIn({ secs, latenciesMs }: Requests, foundSec: number, latency: LatencyProfile): number {
  const backwards = secs.map((sec) => -sec).toReversed();
  const index = onsetOf(backwards, latenciesMs.toReversed(), -foundSec, latency);
  // The first request after it was the last one before it, from there.
  const first = index === backwards.length ? undefined : backwards[index - 1];
  return first === undefined ? foundSec : -first;
}

/** The number of the first request that is not as usual; that of all where it cannot be told. */
function onsetOf(
  secs: readonly number[],
  latenciesMs: readonly number[],
  foundSec: number,
  latency: LatencyProfile,
): number {
  const surelyFrom = secs.findIndex((sec) => sec >= foundSec);
  if (surelyFrom < 0 || secs.length - surelyFrom < leastRequests) return secs.length;
  return likeliestOnset({ secs, latenciesMs, surelyFrom }, latency);
}

function requestsIn(scope: number, fromSec: number, toSec: number, ground: Ground): Requests {
  const secs: number[] = [];
  const latenciesMs: number[] = [];
  eachRequest(scope, fromSec, toSec, ground, (sec, latencyMs) => {
    secs.push(sec);
    latenciesMs.push(latencyMs);
  });
  const every = Math.ceil(secs.length / mostRequests);
  const isTaken = (_: number, index: number) => index % every === 0;
  return { secs: secs.filter(isTaken), latenciesMs: latenciesMs.filter(isTaken) };
}

/** Shows those that were answered well, however late, and those that were given up: a failure may take any time. */
function eachRequest(
  scope: number,
  fromSec: number,
  toSec: number,
  { run, scopes }: Ground,
  see: (sec: number, latencyMs: number) => void,
): void {
  const isOf = membership(scopes[scope]!.nodes, run.moments.nodes);
  run.moments.each(fromSec, toSec, (sec, node, outcome, latencyMs) => {
    const isSlow = outcome === ok || !isAnswered(outcome);
    if (isSlow && !Number.isNaN(latencyMs) && isOf(node)) see(sec, latencyMs);
  });
}
