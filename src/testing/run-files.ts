import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { configSchema } from '../model/config.ts';
import type { RunEvent, Unstamped } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Outcome } from '../model/record.ts';
import { fixedColumns, metricsColumns } from '../store/columns.ts';
import { type RunDir, runDir } from '../store/run-dir.ts';

/** One line of a metrics.csv as tests write it; what is left out is a good answer of node `a` after 10 ms. */
export interface Row {
  readonly timestamp: number | string;
  readonly node?: string;
  readonly status_code?: number | string;
  readonly latency_ms?: number | string;
  readonly error?: string;
  readonly outcome?: Outcome | '';
  readonly service_ms?: number | string;
  readonly phase?: string;
  readonly op?: string;
}

type Column = (typeof metricsColumns)[number];

const usual = {
  node: 'a',
  status_code: 200,
  latency_ms: 10,
  error: '',
  outcome: '',
  service_ms: 10,
  phase: '',
  op: '',
} as const;

/** A CSV with only the fixed columns, or with those that are named. */
export function csvOf(rows: readonly Row[], columns: readonly Column[] = fixedColumns): string {
  const lines = rows.map((row) =>
    columns.map((column) => csvField(String({ ...usual, ...row }[column]))).join(','),
  );
  return [columns.join(','), ...lines, ''].join('\n');
}

export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `count` requests, `rps` a second, the first at `from`; `change` makes each one other than usual. */
export function rowsAt(
  { from, rps, count }: { readonly from: number; readonly rps: number; readonly count: number },
  change: (sec: number, index: number) => Partial<Row> | null = () => ({}),
): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const timestamp = (from * 1e6 + Math.round((index * 1e6) / rps)) / 1e6;
    const changed = change(timestamp - Math.floor(from), index);
    return changed === null ? null : { timestamp: timestamp.toFixed(6), ...changed };
  }).filter((row) => row !== null);
}

export interface RunFiles {
  readonly 'metrics.csv'?: string | Buffer;
  readonly 'redis_metrics.csv'?: string;
  readonly 'events.jsonl'?: string;
  readonly 'manifest.json'?: string;
}

/** A directory of its own, gone when the test has finished. */
export async function temporaryDir(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'orch-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Makes a run's directory in a temporary place. */
export async function runOf(files: RunFiles, id = 'run'): Promise<RunDir> {
  const run = runDir(await temporaryDir(), id);
  await mkdir(run.path);
  for (const [name, content] of Object.entries(files)) await writeFile(join(run.path, name), content);
  return run;
}

/** An events.jsonl: each event with its Unix time. */
export function eventsOf(
  zeroSec: number,
  events: readonly (readonly [sec: number, event: Unstamped])[],
): string {
  return events
    .map(([sec, event]): RunEvent => ({ ...event, run_ms: sec * 1000, wall_sec: zeroSec + sec }))
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('');
}

export function manifestOf(change: Partial<Manifest> = {}): string {
  const manifest: Manifest = {
    format: 1,
    run_id: 'run',
    status: 'complete',
    reason: null,
    conclusive: true,
    mode: 'http',
    seed: 1,
    scenario: { name: 'node_failure', path: 'node_failure.yaml', sha256: '0', text: '' },
    config: configSchema.parse({}),
    driver: { name: 'process', reason: 'no Docker' },
    nodes: [{ name: 'a', kind: 'http', url: 'http://127.0.0.1:8001', managed: true }],
    versions: { orch: '0.1.0', node: '24' },
    host: { name: 'host', os: 'linux', cpus: 2, memory_mb: 4096 },
    started_at_sec: 1000,
    ended_at_sec: 1010,
    clock_offset_ms: 0,
    counts: { due: 0, ok: 0, fail: 0, unknown: 0, dropped: 0 },
    schedule_lag: { p50_ms: 0.1, p99_ms: 1, max_ms: 2 },
    still_broken: [],
    ...change,
  };
  return JSON.stringify(manifest);
}
