import type { Judgeable } from './judgeable.ts';
import { longestOutage } from './outage.ts';
import { isPersistent } from './persistence.ts';
import type { Profile } from './profile.ts';
import { membership, type Scope } from './scopes.ts';
import { type Found, sharesOf } from './watch-run.ts';

/** Machines are slow, or silent, for a moment by themselves: so long it has to last with a fault in force, and without. */
const leastSec = {
  latency: { attributed: 0.5, unattributed: 3 },
  silence: { attributed: 0.5, unattributed: 1.5 },
} as const;

export interface Ground {
  readonly run: Judgeable;
  readonly scopes: readonly Scope[];
  readonly profiles: readonly (Profile | null)[];
}

/** The scope of exactly these nodes' requests; null where they had none, in the run or in the baseline. */
export function scopeOfNodes(nodes: readonly string[], { scopes, profiles, run }: Ground): number | null {
  if (nodes.length === 0) return null;
  if (nodes.length === run.moments.nodes.length) return 0;
  const wanted = nodes.toSorted().join('\n');
  const scope = scopes.findIndex((each) => each.nodes?.join('\n') === wanted);
  return scope < 0 || profiles[scope] === null ? null : scope;
}

/** Whether what was found is more than a hiccup of the machine. */
export function isBelieved(
  found: Found,
  { run, scopes, profiles }: Ground,
  attribution: 'attributed' | 'unattributed',
): boolean {
  const { symptom, scope, startSec, endSec } = found;
  if (symptom === 'errors') return true;
  const lastedSec = endSec - startSec;
  if (symptom === 'gaps') return lastedSec >= leastSec.silence[attribution];
  if (attribution === 'attributed') return lastedSec >= leastSec.latency.attributed;
  const latency = profiles[scope]?.latency;
  if (latency === null || latency === undefined) return lastedSec >= leastSec.latency.unattributed;
  const isOf = membership(scopes[scope]!.nodes, run.moments.nodes);
  const slowMs = latency.tail.limitMs;
  if (lastedSec >= leastSec.silence.unattributed && isSilent(run, { startSec, endSec, isOf, slowMs }))
    return true;
  if (lastedSec < leastSec.latency.unattributed) return false;
  const band = latency[symptom];
  const { usual, shifted } = sharesOf(band, symptom);
  return isPersistent(run, { startSec, endSec, isOf, band, share: (usual + shifted) / 2 });
}

interface Slowness {
  readonly startSec: number;
  readonly endSec: number;
  readonly isOf: (node: number) => boolean;
  readonly slowMs: number;
}

/** Whether requests were slow because nothing was answered for a while, as by a process that is stopped: a silence, too. */
function isSilent({ moments, toSec }: Judgeable, { startSec, endSec, isOf, slowMs }: Slowness): boolean {
  const outage = longestOutage(moments, {
    fromSec: startSec,
    beforeSec: endSec,
    toSec,
    isOf,
    slowMs,
    isSilence: () => false,
  });
  return outage !== null && (outage.endSec ?? toSec) - outage.startSec >= leastSec.silence.unattributed;
}
