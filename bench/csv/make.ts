import { closeSync, openSync, writeSync } from 'node:fs';
import { seededRandom } from '../../src/model/random.ts';
import { fixedColumns, metricsColumns } from '../../src/store/columns.ts';

/** The five columns that any tool can write, or our own nine. */
export type Form = 'five' | 'nine';

const rps = 10_000;
const zeroSec = 1_700_000_000;
/** As many requests are in flight, one of which answers next: rows stand in the order of their answers. */
const inFlight = 128;
const batchRows = 10_000;

/** Writes a metrics.csv of so many requests, 10,000 a second over five nodes; the same at every call. */
export function makeCsv(path: string, rows: number, form: Form): void {
  const draw = seededRandom(1);
  const file = openSync(path, 'w');
  const durationSec = rows / rps;
  const rowOf = (index: number) => {
    const sec = index / rps;
    const failing = sec > durationSec * 0.4 && sec < durationSec * 0.6;
    const outcome = outcomeOf(draw(), failing ? 0.2 : 0.01);
    const status = outcome === 'ok' ? 200 : outcome === 'fail' ? 503 : 0;
    const latency = outcome === 'dropped' ? '' : latencyMs(draw(), draw()).toFixed(3);
    const start = `${(zeroSec + sec).toFixed(6)},service-node-${Math.floor(draw() * 5) + 1},${status},${latency},${errors[outcome]}`;
    if (form === 'five') return `${start}\n`;
    const service = latency === '' ? '' : Math.max(Number(latency) - draw(), 0).toFixed(3);
    return `${start},${outcome},${service},${failing ? 'failure' : sec < durationSec / 2 ? 'warmup' : 'recovery'},GET /work\n`;
  };
  writeSync(file, `${(form === 'five' ? fixedColumns : metricsColumns).join(',')}\n`);
  const waiting: string[] = [];
  let batch: string[] = [];
  for (let index = 0; index < rows + inFlight; index += 1) {
    const place = index < inFlight ? index : Math.floor(draw() * inFlight);
    const answered = waiting[place];
    if (answered !== undefined && answered !== '') batch.push(answered);
    waiting[place] = index < rows ? rowOf(index) : '';
    if (batch.length < batchRows) continue;
    writeSync(file, batch.join(''));
    batch = [];
  }
  writeSync(file, [...batch, ...waiting].join(''));
  closeSync(file);
}

const errors = { ok: '', fail: 'http_503', unknown: 'timeout', dropped: 'dropped' } as const;

function outcomeOf(drawn: number, wrongShare: number): keyof typeof errors {
  if (drawn > wrongShare) return 'ok';
  const kind = drawn / wrongShare;
  return kind < 0.6 ? 'fail' : kind < 0.9 ? 'unknown' : 'dropped';
}

/** A log-normal's likeness around 12 ms, every hundredth request ten times as long. */
function latencyMs(drawn: number, tail: number): number {
  return (2 + 40 * drawn ** 3) * (tail < 0.01 ? 10 : 1);
}
