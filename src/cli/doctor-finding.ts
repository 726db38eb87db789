/** One thing that `orch doctor` looked at. */
export interface Finding {
  readonly what: string;
  /** `missing` stands in the way of something; `broken` of everything. */
  readonly state: 'ok' | 'missing' | 'broken';
  readonly says: string;
  readonly remedy?: string;
}
