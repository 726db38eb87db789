import { createHash } from 'node:crypto';
import type { DriverName } from '../../src/control/driver.ts';
import type { FaultState, RunEvent } from '../../src/model/event.ts';
import type { FaultKind } from '../../src/model/fault-spec.ts';
import type { Mode } from '../../src/model/node.ts';

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
}

export const kinds = ['kill', 'stop', 'pause', 'restart'] as const satisfies readonly FaultKind[];
export type CrashKind = (typeof kinds)[number];

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

/** Every case, those of one bench together. What is loaded alternates, so that each transition meets both. */
export function crashMatrix(): readonly CrashCase[] {
  const cases: CrashCase[] = [];
  for (const driver of ['process', 'docker'] as const) {
    for (const [wayIndex, way] of ways.entries()) {
      const withEngine = way.startsWith('engine');
      if (withEngine && driver === 'process') continue;
      for (const [kindIndex, kind] of kinds.entries()) {
        for (const [index, moment] of (withEngine ? aroundTheFault : everywhere).entries()) {
          const mode = (wayIndex + kindIndex + index) % 2 === 0 ? 'http' : 'redis';
          cases.push({ number: cases.length + 1, driver, mode, kind, way, moment });
        }
      }
    }
  }
  return cases;
}

/** A number from [0, 1), the same for the same words. */
export function drawn(...words: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(words.join(' ')).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

export function caseText({ driver, mode, kind, way, moment }: CrashCase): string {
  return `${driver} ${mode} ${kind}, ${way} at ${moment}`;
}
