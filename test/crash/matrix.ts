import { createHash } from 'node:crypto';
import type { DriverName } from '../../src/control/driver.ts';
import type { FaultState, RunEvent } from '../../src/model/event.ts';
import type { Mode } from '../../src/model/node.ts';
import { type CrashKind, disturbing, disturbingKinds, onlyMode, stateKinds } from './kinds.ts';

/** What is ended by SIGKILL, and what happens to the Docker Engine meanwhile. */
export const ways = ['coordinator', 'group', 'both', 'engine-stopped', 'engine-killed'] as const;
export type Way = (typeof ways)[number];

export const wayText: Readonly<Record<Way, string>> = {
  coordinator: 'coordinator alone',
  group: 'its process group',
  both: 'coordinator and guardian, then `orch recover`',
  'engine-stopped': 'coordinator, engine restarted (SIGTERM)',
  'engine-killed': 'coordinator, engine restarted (SIGKILL)',
};

/** When: as soon as the run's directory is there, its manifest, such a line of its journal, or as drawn from the seed. */
export const moments = [
  'directory',
  'manifest',
  'run_started',
  'phase_started',
  'requested',
  'effective',
  'undo_requested',
  'undone',
  'verified',
  'run_ended',
  'random',
] as const satisfies readonly ('directory' | 'manifest' | 'random' | RunEvent['type'] | FaultState)[];
export type Moment = (typeof moments)[number];

export interface CrashCase {
  /** From 1; together with the seed it says all, so that one case can be replayed. */
  readonly number: number;
  readonly driver: DriverName;
  readonly mode: Mode;
  readonly kind: CrashKind;
  readonly way: Way;
  readonly moment: Moment;
  /** Whether rules are made by helper containers, as where orch is not root on the engine's machine. */
  readonly byHelper?: boolean;
}

const everywhere: readonly Moment[] = [...moments, 'random', 'random'];
/** An engine that restarts takes its time: only moments at which there is something to undo, or has just been. */
const aroundTheFault: readonly Moment[] = [
  'requested',
  'effective',
  'undo_requested',
  'undone',
  'random',
  'random',
];

/** Of a fault that is put beside a node: whatever comes before and after it is what the others have shown. */
const duringTheFault: readonly Moment[] = ['requested', 'effective', 'undo_requested', 'undone', 'random'];
/** An engine that restarts keeps limits and files, and ends processes and rules. */
const throughTheEngine: readonly CrashKind[] = ['black_hole', 'cpu_limit', 'cpu_stress', 'disk_fill'];
/** A fault by iptables and one by tc. */
const byHelper: readonly CrashKind[] = ['reset', 'bandwidth'];
const withoutEngine = ways.filter((way) => !way.startsWith('engine'));

/** Every case. What is loaded alternates, so that each transition meets both. */
export function crashMatrix(): readonly CrashCase[] {
  return [...stateCases(), ...disturbanceCases()].map((one, index) => ({ number: index + 1, ...one }));
}

type Unnumbered = Omit<CrashCase, 'number'>;

function stateCases(): readonly Unnumbered[] {
  const cases: Unnumbered[] = [];
  for (const driver of ['process', 'docker'] as const) {
    for (const [wayIndex, way] of ways.entries()) {
      const withEngine = way.startsWith('engine');
      if (withEngine && driver === 'process') continue;
      for (const [kindIndex, kind] of stateKinds.entries()) {
        for (const [index, moment] of (withEngine ? aroundTheFault : everywhere).entries()) {
          const mode = (wayIndex + kindIndex + index) % 2 === 0 ? 'http' : 'redis';
          cases.push({ driver, mode, kind, way, moment });
        }
      }
    }
  }
  return cases;
}

/**
 * The first kind of each means meets each way at each moment. The others of it leave the same behind, and are undone by the
 * same code: they meet each way and each moment once, in turn.
 */
function disturbanceCases(): readonly Unnumbered[] {
  const cases: Unnumbered[] = [];
  for (const driver of ['process', 'docker'] as const) {
    const met = new Set<string>();
    for (const [kindIndex, kind] of disturbingKinds.entries()) {
      const means = disturbing[kind][driver];
      if (means === null) continue;
      const isFirst = !met.has(means);
      met.add(means);
      for (const [index, moment] of duringTheFault.entries()) {
        const inTurn = withoutEngine.filter((_, way) => way === (kindIndex + index) % withoutEngine.length);
        for (const [wayIndex, way] of (isFirst ? withoutEngine : inTurn).entries()) {
          const mode = onlyMode(kind) ?? ((wayIndex + kindIndex + index) % 2 === 0 ? 'http' : 'redis');
          cases.push({ driver, mode, kind, way, moment });
        }
      }
    }
  }
  for (const [kindIndex, kind] of byHelper.entries()) {
    for (const [index, moment] of [...duringTheFault, 'random' as const].entries()) {
      const way = withoutEngine[(kindIndex + index) % withoutEngine.length] ?? 'both';
      const mode = index % 2 === 0 ? 'http' : 'redis';
      cases.push({ driver: 'docker', mode, kind, way, moment, byHelper: true });
    }
  }
  for (const way of ['engine-stopped', 'engine-killed'] as const) {
    for (const [index, kind] of throughTheEngine.entries()) {
      const mode = index % 2 === 0 ? 'http' : 'redis';
      for (const moment of ['requested', 'effective'] as const)
        cases.push({ driver: 'docker', mode, kind, way, moment });
    }
  }
  return cases;
}

/** A number from [0, 1), the same for the same words. */
export function drawn(...words: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(words.join(' ')).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

export function caseText({ driver, mode, kind, way, moment, byHelper: helped }: CrashCase): string {
  return `${driver} ${mode} ${kind}${helped === true ? ' by helper' : ''}, ${way} at ${moment}`;
}
