/**
 * The `traceparent` of a request (W3C Trace Context, level 1), by which the services under test put what they do for it into a
 * trace of its own. No two requests of a run have the same trace, and hardly any two of all runs, not even by the last half of
 * its id, which is all that some tracers keep.
 */

/** The first half of the ids of a run's traces, and what their second half is mixed with: 16 hexadecimal digits. */
export const traceRunPattern = /^(?!0{16})[0-9a-f]{16}$/;

/** The run's half of its requests' traces, by its config; null where they have none. */
export function tracesOf({
  load,
}: {
  readonly load: { readonly traceparent?: string | boolean | undefined };
}): string | null {
  return typeof load.traceparent === 'string' ? load.traceparent : null;
}

export function traceIdOf(run: string, seq: number): string {
  return run + ownHalf(run, seq);
}

/** Version 00; the parent, which has no span of its own, named like the half of the trace that is the request's; sampled. */
export function traceparentOf(run: string, seq: number): string {
  const own = ownHalf(run, seq);
  return `00-${run}${own}-${own}-01`;
}

/** Each step can be reversed where the run is known: requests with different numbers have different halves. */
function ownHalf(run: string, seq: number): string {
  const low = mixed(seq ^ Number.parseInt(run.slice(0, 8), 16));
  const high = mixed(Math.floor(seq / 0x1_0000_0000) ^ low ^ Number.parseInt(run.slice(8), 16));
  return hex(high) + hex(low);
}

/** MurmurHash3's finalizer (A. Appleby, 2011, in the public domain). */
function mixed(word: number): number {
  let hash = word;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
