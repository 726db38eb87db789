/** A phase of a plan; times are milliseconds of the run. */
export interface PlannedPhase {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** The phase to which a time of the run belongs; before the first and after the last, those. */
export function phaseAt(phases: readonly PlannedPhase[], runMs: number): string {
  for (const { name, endMs } of phases) if (runMs < endMs) return name;
  return phases.at(-1)?.name ?? '';
}
