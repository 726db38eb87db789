import type { Judgeable } from './judgeable.ts';
import { isPersistent } from './persistence.ts';
import type { Profile } from './profile.ts';
import type { Scope } from './scopes.ts';
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

/** Whether what was found is more than a hiccup of the machine. */
export function isBelieved(
  found: Found,
  { run, scopes, profiles }: Ground,
  attribution: 'attributed' | 'unattributed',
): boolean {
  const { symptom, scope, startSec, endSec } = found;
  if (symptom === 'errors') return true;
  const least = leastSec[symptom === 'gaps' ? 'silence' : 'latency'];
  if (endSec - startSec < least[attribution]) return false;
  const band = symptom === 'gaps' ? undefined : profiles[scope]?.latency?.[symptom];
  if (attribution === 'attributed' || symptom === 'gaps' || band === undefined) return true;
  const { usual, shifted } = sharesOf(band, symptom);
  const own = scopes[scope]!.nodes?.map((name) => run.moments.nodes.indexOf(name));
  const isOf = (node: number) => own?.includes(node) ?? true;
  return isPersistent(run, { startSec, endSec, isOf, band, share: (usual + shifted) / 2 });
}
