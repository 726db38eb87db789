import type { RequestRecord } from '../model/record.ts';
import { traceIdOf } from '../model/trace-context.ts';

/**
 * A record as a line of metrics.csv, newline included, with the columns of `columnsOf`. `startWallMs` is the Unix
 * time in milliseconds at which the run's clock read 0. Times are written to the microsecond: `timestamp` in seconds
 * with six decimals, `latency_ms` and `service_ms` with three. `traces` is the run's half of the requests' traces, where they
 * have any: then the line ends with the column `trace_id`.
 */
export function csvRow(record: RequestRecord, startWallMs: number, traces: string | null = null): string {
  const { scheduledMs, sentMs, doneMs, outcome } = record;
  const timestamp = fixedPoint((startWallMs + scheduledMs) * 1000, 6);
  const latencyMs = fixedPoint((doneMs - scheduledMs) * 1000, 3);
  const serviceMs = fixedPoint((doneMs - sentMs) * 1000, 3);
  const error = outcome === 'dropped' ? 'dropped' : textField(record.error);
  // One that was dropped was never sent.
  const trace = traces === null ? '' : `,${outcome === 'dropped' ? '' : traceIdOf(traces, record.seq)}`;
  return `${timestamp},${textField(record.node)},${record.status},${latencyMs},${error},${outcome},${serviceMs},${textField(record.phase)},${textField(record.op)}${trace}\n`;
}

/** A field that readers which go by lines can read too: what would break the line becomes a blank. */
export function textField(text: string): string {
  if (!special.test(text)) return text;
  return `"${text.replace(lineBreaking, ' ').replaceAll('"', '""')}"`;
}

const special = /[",\r\n\0]/;
const lineBreaking = /[\r\n\0]/g;

/**
 * `units` of 10^−decimals with that many decimals; empty if there is none (NaN). Whole numbers keep it exact: up to
 * 2^53 microseconds, which the year 2255 will reach.
 */
function fixedPoint(units: number, decimals: number): string {
  const whole = Math.round(units);
  if (Number.isNaN(whole)) return '';
  const scale = 10 ** decimals;
  const digits = Math.abs(whole);
  const integer = Math.floor(digits / scale);
  const fraction = String(digits - integer * scale).padStart(decimals, '0');
  return `${whole < 0 ? '-' : ''}${integer}.${fraction}`;
}
