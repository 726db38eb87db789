/**
 * The columns of metrics.csv. The first five are the format's fixed ones and all that a file of another origin needs.
 *
 * - `timestamp`: Unix seconds with fraction at which the request was *due*
 * - `node`: its node
 * - `status_code`: the HTTP status, 0 where there was none
 * - `latency_ms`: from the scheduled send to the outcome; empty for a dropped request, which never had one
 * - `error`: empty on success, else a short code
 * - `outcome`: ok, fail, unknown (timeout) or dropped
 * - `service_ms`: from the real send to the outcome; `latency_ms − service_ms` is the generator's own lag
 * - `phase`, `op`: the scenario's phase, and what was asked
 * - `trace_id`: only where requests have traces: the one of its `traceparent`; empty for a dropped request
 */
export const fixedColumns = ['timestamp', 'node', 'status_code', 'latency_ms', 'error'] as const;
export const metricsColumns = [...fixedColumns, 'outcome', 'service_ms', 'phase', 'op'] as const;

/** The columns of a run whose requests have traces, or have none. */
export function columnsOf(traces: string | null): readonly string[] {
  return traces === null ? metricsColumns : [...metricsColumns, 'trace_id'];
}
