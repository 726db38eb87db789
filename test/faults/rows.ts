/** A row of metrics.csv. */
export interface Row {
  readonly sec: number;
  readonly node: string;
  /** Infinite where there was no answer. */
  readonly latencyMs: number;
  /** Empty on success. */
  readonly error: string;
  readonly phase: string;
}

/** What rows say together. */
export interface Figures {
  readonly count: number;
  readonly medianMs: number;
  /** By the error column: which share of the requests ended so. */
  readonly errorShares: Readonly<Record<string, number>>;
}

/** @param line As it stands in the file; none of these tests has a comma in a name. */
export function rowOf(line: string): Row {
  const [sec, node = '', , latency = '', error = '', , , phase = ''] = line.split(',');
  return { sec: Number(sec), node, latencyMs: latency === '' ? Infinity : Number(latency), error, phase };
}

export function figuresOf(rows: readonly Row[]): Figures {
  const latencies = rows.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  const errors = [...Map.groupBy(rows, ({ error }) => error)].filter(([error]) => error !== '');
  return {
    count: rows.length,
    medianMs: latencies[Math.floor(rows.length / 2)] ?? Number.NaN,
    errorShares: Object.fromEntries(errors.map(([error, those]) => [error, those.length / rows.length])),
  };
}
