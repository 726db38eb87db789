/** What was measured, in the metric's own unit; or why that is not known, as a clause. */
export type Reading = Measured | { readonly unknown: string };

export interface Measured {
  readonly value: number;
  /** Whether the true value may be higher: of what had not come to its end when the run did. */
  readonly isAtLeast: boolean;
  /** How far the value may be off; null where it is exact. */
  readonly uncertainty: number | null;
  /** What it was measured of, as a clause. */
  readonly of: string;
}

/** A reading, and the id of the fault that it is of; null where it is of none in particular. */
export interface FaultReading {
  readonly fault: string | null;
  readonly reading: Reading;
}

export function measured(
  value: number,
  of: string,
  { isAtLeast = false, uncertainty = null }: Partial<Pick<Measured, 'isAtLeast' | 'uncertainty'>> = {},
): Measured {
  return { value, isAtLeast, uncertainty, of };
}

export const withoutBaseline = { unknown: 'there is no baseline to hold it against: --baseline ID' } as const;
