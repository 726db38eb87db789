import { runFindings } from './findings.ts';
import type { MeasuredRun } from './measure.ts';

/** A run as one observation among others. */
export interface Observation extends Pick<MeasuredRun, 'id' | 'summary' | 'writes'> {
  /** Why it does not count; null where it does. */
  readonly why: string | null;
  readonly warnings: readonly string[];
}

/** Runs whose lengths differ by more are not runs of one kind. */
const lengthDifference = 0.1;

export function observationOf(measured: MeasuredRun): Observation {
  const { id, summary, manifest, writes } = measured;
  const findings = runFindings(measured);
  const grave = findings.filter((finding) => finding.grave).map(({ text }) => text);
  const unfinished = manifest !== null && manifest.status !== 'complete';
  const reasons = [...(unfinished ? [`it is ${manifest.status}, not complete`] : []), ...grave];
  return {
    id,
    summary,
    writes,
    why: reasons.length === 0 ? null : reasons.join('; '),
    warnings: findings.map(({ text }) => text),
  };
}

export function lengthWarnings(all: readonly Pick<Observation, 'summary'>[]): readonly string[] {
  const lengths = all.map(({ summary }) => summary.duration_sec);
  const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
  if (longest <= shortest * (1 + lengthDifference)) return [];
  return [`the runs are of different lengths, from ${shortest.toFixed(1)} to ${longest.toFixed(1)} s`];
}
