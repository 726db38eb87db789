import type {
  Analysis,
  AnomalyWindow,
  FaultSpan,
  GroupSummary,
  PhaseSpan,
  RunTables,
  SecondRow,
  Summary,
} from '../model/analysis.ts';
import { configSchema } from '../model/config.ts';
import { type Outcome, outcomes } from '../model/record.ts';

/** What to make up. Everything left out is the usual run: 50 rps at three nodes for 80 s, one of them killed at 30 s. */
export interface AnalysisShape {
  readonly rps?: number;
  readonly durationSec?: number;
  readonly nodes?: readonly string[];
  readonly phases?: readonly PhaseSpan[];
  readonly faults?: readonly FaultSpan[];
  readonly seed?: number;
  /** Fields of the result that are to be other than they follow from the requests. */
  readonly with?: Partial<Analysis>;
}

interface Sample {
  readonly sec: number;
  readonly node: string;
  readonly phase: string;
  readonly outcome: Outcome;
  readonly latencyMs: number;
}

const usualNodes = ['service-node-1', 'service-node-2', 'service-node-3'];
const usualPhases: readonly PhaseSpan[] = [
  { name: 'warmup', start_sec: 0, end_sec: 30 },
  { name: 'failure', start_sec: 30, end_sec: 50 },
  { name: 'recovery', start_sec: 50, end_sec: 80 },
];
const thresholds = configSchema.parse({}).anomaly_detection;

/** A fault as tests write it: in force from `effective_sec` until 0.6 s after `undone_sec`. */
export function faultSpan(span: Partial<FaultSpan> = {}): FaultSpan {
  const effective = span.effective_sec === undefined ? 30.08 : span.effective_sec;
  const undone = span.undone_sec === undefined ? 50.12 : span.undone_sec;
  return {
    id: 'f1',
    kind: 'kill',
    node: 'service-node-2',
    phase: 'failure',
    requested_sec: (effective ?? 30) - 0.06,
    effective_sec: effective,
    undo_requested_sec: undone === null ? null : undone - 0.12,
    undone_sec: undone,
    verified_sec: undone === null ? null : undone + 0.6,
    effect: 'killed',
    means: null,
    undo_failed: false,
    ...span,
  };
}

/** An Analysis of made-up requests. The same shape gives the same analysis; its parts agree with each other. */
export function buildAnalysis(shape: AnalysisShape = {}): Analysis {
  const { rps = 50, durationSec = 80, nodes = usualNodes, seed = 1 } = shape;
  const phases = shape.phases ?? usualPhases;
  const faults = shape.faults ?? [faultSpan()];
  const make = (spans: readonly FaultSpan[], random: () => number) =>
    sampleRun({ rps, durationSec, nodes, phases, faults: spans }, random);
  const baseline = make([], seeded(seed));
  const run = make(faults, seeded(seed + 1));
  const baselineSummary = summarise(baseline, durationSec);
  const runSummary = summarise(run, durationSec);
  const floor = baselineSummary.throughput_rps * (1 - thresholds.throughput_drop_threshold);
  const seconds = perSecond(run, durationSec, floor);
  const windows = windowsOf(seconds, floor, faults);
  const first = windows[0];
  const last = windows.at(-1);
  const dropRps = baselineSummary.throughput_rps - runSummary.throughput_rps;
  return {
    baseline_id: 'baseline-http-20260314-120000',
    run_id: 'node_failure_recovery-http-20260314-120500',
    baseline_summary: baselineSummary,
    run_summary: runSummary,
    throughput_drop_pct:
      baselineSummary.throughput_rps === 0 ? null : (dropRps / baselineSummary.throughput_rps) * 100,
    anomaly_windows: windows,
    recovery_time_sec: first && last ? last.end_sec - first.start_sec : null,
    recovery_reason: first ? null : 'no second was anomalous',
    recovered: last ? last.end_sec < durationSec - 1 : null,
    correctness: null,
    correctness_reason: null,
    conclusive: true,
    doubts: [],
    baseline_status: 'complete',
    run_status: 'complete',
    mode: 'http',
    scenario: 'node_failure_recovery',
    thresholds: { ...thresholds, throughput_floor_rps: floor },
    windows: [],
    recoveries: [],
    costs: [],
    availability: 1 - runSummary.error_rate,
    slo_pct: null,
    run_tables: tables(run, durationSec),
    baseline_tables: tables(baseline, durationSec),
    faults,
    phases,
    seconds,
    baseline_seconds: perSecond(baseline, durationSec, floor),
    warnings: [],
    ...shape.with,
  };
}

type Recipe = Required<Omit<AnalysisShape, 'seed' | 'with'>>;

function sampleRun(recipe: Recipe, random: () => number): Sample[] {
  const samples: Sample[] = [];
  for (let due = 0; due < recipe.rps * recipe.durationSec; due++) {
    const atSec = (due + random()) / recipe.rps;
    const node = recipe.nodes[Math.floor(random() * recipe.nodes.length)] ?? 'node';
    const fault = recipe.faults.find((span) => span.node === node && inForce(span, atSec));
    samples.push({
      sec: Math.floor(atSec),
      node,
      phase: recipe.phases.find((span) => atSec >= span.start_sec && atSec < span.end_sec)?.name ?? '',
      outcome: fault === undefined ? 'ok' : fault.kind === 'pause' ? 'unknown' : 'fail',
      latencyMs:
        fault === undefined ? 11 + random() * 140 : fault.kind === 'pause' ? 5000 : 0.8 + random() * 2,
    });
  }
  return samples;
}

function inForce(span: FaultSpan, atSec: number): boolean {
  return span.effective_sec !== null && atSec >= span.effective_sec && atSec < endOf(span);
}

function endOf(span: FaultSpan): number {
  return span.verified_sec ?? span.undone_sec ?? Number.POSITIVE_INFINITY;
}

function summarise(samples: readonly Sample[], durationSec: number): Summary {
  const counts: Record<Outcome, number> = { ok: 0, fail: 0, unknown: 0, dropped: 0 };
  for (const sample of samples) counts[sample.outcome]++;
  const latencies = samples.map((sample) => sample.latencyMs).sort((a, b) => a - b);
  const quantile = (q: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(q * latencies.length))] ?? null;
  const total = latencies.reduce((sum, latencyMs) => sum + latencyMs, 0);
  return {
    due: samples.length,
    ...counts,
    duration_sec: durationSec,
    throughput_rps: (counts.ok + counts.fail) / durationSec,
    goodput_rps: counts.ok / durationSec,
    error_rate: samples.length === 0 ? 0 : 1 - counts.ok / samples.length,
    p50_latency_ms: quantile(0.5),
    p95_latency_ms: quantile(0.95),
    p99_latency_ms: quantile(0.99),
    max_latency_ms: latencies.at(-1) ?? null,
    mean_latency_ms: latencies.length === 0 ? null : total / latencies.length,
  };
}

function perSecond(samples: readonly Sample[], durationSec: number, floorRps: number): SecondRow[] {
  const bySec = Map.groupBy(samples, (sample) => sample.sec);
  return Array.from({ length: durationSec }, (_, sec) => {
    const { due, ok, fail, unknown, dropped, ...rest } = summarise(bySec.get(sec) ?? [], 1);
    return {
      sec,
      due,
      ok,
      fail,
      unknown,
      dropped,
      throughput_rps: rest.throughput_rps,
      error_rate: rest.error_rate,
      p50_latency_ms: rest.p50_latency_ms,
      p95_latency_ms: rest.p95_latency_ms,
      counted: sec >= thresholds.warmup_ignore_sec,
      anomalous:
        sec >= thresholds.warmup_ignore_sec &&
        (rest.throughput_rps < floorRps || rest.error_rate > thresholds.error_rate_threshold),
    };
  });
}

function windowsOf(
  seconds: readonly SecondRow[],
  floorRps: number,
  faults: readonly FaultSpan[],
): AnomalyWindow[] {
  const runs: SecondRow[][] = [];
  for (const row of seconds.filter((second) => second.anomalous)) {
    const current = runs.at(-1);
    if (current !== undefined && current.at(-1)?.sec === row.sec - 1) current.push(row);
    else runs.push([row]);
  }
  return runs.map((rows) => {
    const start = rows[0]?.sec ?? 0;
    const end = rows.at(-1)?.sec ?? 0;
    const lowest = Math.min(...rows.map((row) => row.throughput_rps));
    const highest = Math.max(...rows.map((row) => row.error_rate));
    return {
      start_sec: start,
      end_sec: end,
      causes: [
        ...(lowest < floorRps ? (['throughput'] as const) : []),
        ...(highest > thresholds.error_rate_threshold ? (['error_rate'] as const) : []),
      ],
      min_throughput_rps: lowest,
      max_error_rate: highest,
      faults: faults
        .filter((span) => span.effective_sec !== null && span.effective_sec < end + 1 && endOf(span) >= start)
        .map((span) => span.id),
    };
  });
}

function tables(samples: readonly Sample[], durationSec: number): RunTables {
  const group = (key: (sample: Sample) => string): GroupSummary[] =>
    [...Map.groupBy(samples, key)].map(([name, members]) => ({ name, ...summarise(members, durationSec) }));
  return {
    per_node: group((sample) => sample.node).sort((a, b) => a.name.localeCompare(b.name)),
    per_phase: group((sample) => sample.phase),
    per_outcome: outcomes.flatMap((outcome) =>
      group((sample) => sample.outcome).filter((row) => row.name === outcome),
    ),
  };
}

/** A small linear congruential generator: good enough to look random in a chart, and the same each time. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
