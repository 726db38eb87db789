import type { FaultSpan } from '../model/analysis.ts';
import type { FineWindow } from '../model/recovery.ts';
import { type Ground, isBelieved } from './belief.ts';
import type { Sharpened } from './sharpen.ts';
import type { Symptom } from './watch-run.ts';
import { latencyTelling, measure, outageTelling } from './window-measure.ts';
import { inForce } from './windows.ts';

type Kind = 'errors' | 'latency' | 'gaps';
const kindOf: Readonly<Record<Symptom, Kind>> = {
  errors: 'errors',
  median: 'latency',
  tail: 'latency',
  gaps: 'gaps',
};

/** What was found at several nodes, or by several signs, at the same time and of one kind. */
interface Merged {
  readonly kind: Kind;
  readonly found: Sharpened[];
  startSec: number;
  endSec: number;
}

export interface WindowSource extends Ground {
  readonly found: readonly Sharpened[];
  readonly faults: readonly FaultSpan[];
  /** By the id of a fault: the nodes that it may show at. */
  readonly touched: ReadonlyMap<string, readonly string[]>;
  /** 0..1 */
  readonly throughputDropThreshold: number;
}

/** The windows of a run, by start, each attributed to the faults in force. */
export function fineWindows(source: WindowSource): FineWindow[] {
  const believed = source.found.filter((one) => {
    const isAttributed = source.faults.some((fault) => mayHaveBegun(one, fault));
    return isBelieved(one, source, isAttributed ? 'attributed' : 'unattributed');
  });
  const merged = (['errors', 'latency', 'gaps'] as const).flatMap((kind) =>
    mergedOf(
      kind,
      believed.filter(({ symptom }) => kindOf[symptom] === kind),
    ),
  );
  return merged.map((one) => windowOf(one, source)).toSorted((a, b) => a.start_sec - b.start_sec);
}

function mergedOf(kind: Kind, found: readonly Sharpened[]): Merged[] {
  const merged: Merged[] = [];
  for (const one of found.toSorted((a, b) => a.startSec - b.startSec)) {
    const last = merged.at(-1);
    if (last !== undefined && one.startSec <= last.endSec) {
      last.found.push(one);
      last.endSec = Math.max(last.endSec, one.endSec);
    } else merged.push({ kind, found: [one], startSec: one.startSec, endSec: one.endSec });
  }
  return merged;
}

function windowOf(merged: Merged, source: WindowSource): FineWindow {
  const { found } = merged;
  const clear = found.some(({ isDiluted }) => !isDiluted)
    ? found.filter(({ isDiluted }) => !isDiluted)
    : found;
  const startSec = Math.min(...clear.map((one) => one.startSec));
  const endSec = Math.max(...clear.map((one) => one.endSec));
  const { scopes, run } = source;
  const attributed = attributedTo(found, source);
  const single = found.filter(({ scope }) => scopes[scope]!.nodes?.length === 1);
  const names = new Set(single.flatMap(({ scope }) => scopes[scope]!.nodes ?? []));
  const nodes = run.moments.nodes.filter((name) => names.size === 0 || names.has(name));
  return {
    start_sec: rounded(startSec),
    end_sec: rounded(endSec),
    ended: clear.filter((one) => one.endSec === endSec).every(({ ended }) => ended),
    ...tellingOf({ ...merged, startSec, endSec }, nodes, source),
    uncertainty_sec: rounded(Math.min(...clear.map(({ uncertaintySec }) => uncertaintySec))),
    nodes: nodes.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    faults: attributed.map(({ id }) => id),
    unattributed: attributed.length === 0,
  };
}

/**
 * The faults in force as it began at any of its nodes. Those of the node itself explain it; only where there is none, it may
 * be what a fault of another node leads to.
 */
function attributedTo(found: readonly Sharpened[], { scopes, faults, touched }: WindowSource): FaultSpan[] {
  const ofNodes = found.filter(({ scope }) => scopes[scope]!.nodes !== null);
  const ids = (ofNodes.length === 0 ? found : ofNodes).flatMap((one) => {
    const inForceThen = faults.filter((fault) => mayHaveBegun(one, fault));
    const nodes = scopes[one.scope]!.nodes;
    const own = inForceThen.filter(({ id }) => touched.get(id)?.some((node) => nodes?.includes(node)));
    return (own.length === 0 ? inForceThen : own).map(({ id }) => id);
  });
  return faults.filter(({ id }) => ids.includes(id));
}

/** Whether the fault was in force, or just requested, or just over, as it began. */
function mayHaveBegun({ startSec }: Sharpened, fault: FaultSpan): boolean {
  return inForce(fault, startSec, startSec);
}

/** The metric that tells: of the requests of its node where the window has one, else of all. */
function tellingOf(
  { kind, found, startSec, endSec }: Merged,
  nodes: readonly string[],
  { scopes, profiles, run, throughputDropThreshold }: WindowSource,
): Pick<FineWindow, 'cause' | 'metric' | 'magnitude' | 'baseline'> {
  const [name] = nodes;
  const own = nodes.length === 1 ? scopes.findIndex((scope) => scope.nodes?.join() === name) : -1;
  const profile = profiles[Math.max(own, 0)]!;
  const measured = measure(run, startSec, endSec, own < 0 ? null : run.moments.nodes.indexOf(name!));
  if (kind === 'latency') {
    return latencyTelling(
      measured,
      profile,
      found.some(({ symptom }) => symptom === 'median'),
    );
  }
  return outageTelling(measured, profile, endSec - startSec, {
    isGap: kind === 'gaps',
    floorShare: 1 - throughputDropThreshold,
  });
}

/** Times are known to a microsecond. */
export function rounded(sec: number): number {
  return Math.round(sec * 1e6) / 1e6;
}
