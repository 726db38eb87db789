import type { PhaseSpan, RunTables, Summary } from '../model/analysis.ts';
import type { Manifest } from '../model/manifest.ts';
import { outcomes } from '../model/record.ts';
import { readEvents } from '../store/events-reader.ts';
import { readManifest } from '../store/manifest-reader.ts';
import { readMetrics } from '../store/metrics-reader.ts';
import type { ClockReport } from '../store/metrics-reader-clock.ts';
import type { LeftOut } from '../store/metrics-reader-scan.ts';
import { groupOf, type MetricsTable } from '../store/metrics-reader-table.ts';
import type { RunDir } from '../store/run-dir.ts';
import { completeSeconds } from './counted.ts';
import { untoldSec } from './cut-off.ts';
import { durationSec } from './duration.ts';
import { type Figures, figuresBy, figuresBySecond } from './figures.ts';
import { onOneClock } from './one-clock.ts';
import { groupSummaryOf, summaryOf } from './summary.ts';
import { phaseFinder, type Timeline, timelineOf } from './timeline.ts';
import { type WritesReading, writesReading } from './writes-reading.ts';

/** What a run's directory says of it, with the rows reduced to figures. */
export interface MeasuredRun {
  readonly id: string;
  readonly manifest: Manifest | null;
  /** What was wrong with its files, as sentences. */
  readonly problems: readonly string[];
  /** Why its manifest cannot be read, which would say what to make of the run; empty where it can, or there is none. */
  readonly unreadable: readonly string[];
  readonly leftOut: LeftOut;
  readonly clock: ClockReport | null;
  /** The file that the rows came from. */
  readonly file: string;
  readonly summary: Summary;
  readonly tables: RunTables;
  readonly timeline: Timeline;
  /** The Unix second of the first request, from which seconds count. */
  readonly zeroSec: number;
  /** By whole seconds since the second of the first request. */
  readonly seconds: readonly Figures[];
  /** Which of them may be judged, warm-up aside. */
  readonly complete: readonly boolean[];
  readonly writes: WritesReading;
  /** How many seconds at its end may lack rows, as it was cut off or goes on; null where none does. */
  readonly untoldSec: number | null;
}

/**
 * Reads a run and measures it. The rows' memory is given back before it returns.
 * @throws OrchError as `readMetrics` does
 */
export async function measureRun(run: RunDir): Promise<MeasuredRun> {
  const { manifest, problem } = await readManifest(run.manifest);
  const { events: written, problems } = await readEvents(run.events);
  const events = onOneClock(written, manifest?.started_at_sec ?? null);
  const phaseAt = phaseFinder(events);
  const { file, table, leftOut, clock } = await readMetrics(run, phaseAt === null ? {} : { phaseAt });
  const { span, cells } = table;
  const zeroSec = Math.floor(span.firstSec);
  const timeline = timelineOf(events, zeroSec, span.lastSec);
  const duration = durationSec(span);
  const secondCount = Math.floor(span.lastSec) - zeroSec + 1;
  const seconds = figuresBySecond(cells, zeroSec, secondCount);
  const untold = untoldSec(manifest, events);
  const toldSec = untold === null ? secondCount : span.lastSec - zeroSec - untold;
  const { all, tables } = groupsOf(table, timeline.phases, duration);
  table.release();
  return {
    id: run.id,
    manifest,
    unreadable: problem === null ? [] : [problem],
    problems,
    leftOut,
    clock,
    file,
    summary: summaryOf(all, duration),
    tables,
    timeline,
    zeroSec,
    seconds,
    complete: completeSeconds(seconds, span, timeline.loads).map((is, sec) => is && sec + 1 <= toldSec),
    writes: await writesReading(run, manifest),
    untoldSec: untold,
  };
}

/** All requests, and the tables by node, phase and outcome. */
function groupsOf(
  table: MetricsTable,
  phases: readonly PhaseSpan[],
  duration: number,
): { all: Figures; tables: RunTables } {
  const { cells, nodes, phases: phaseNames, phaseSpans } = table;
  const [all, byNode, byPhase, byOutcome] = figuresBy(cells, [
    { sets: 1, setOf: () => 0 },
    { sets: nodes.length, setOf: groupOf.node },
    // Where no row names a phase there is one, without a name.
    { sets: phaseSpans.length, setOf: groupOf.phase },
    { sets: outcomes.length, setOf: groupOf.outcome },
  ]);
  const named = (names: readonly string[], figures: readonly Figures[]) =>
    names
      .map((name, number) => ({ name, number, figures: figures[number]! }))
      .filter((set) => set.figures !== undefined && set.figures.counts.due > 0);
  const phaseDuration = (name: string, number: number) => {
    const known = phases.find((phase) => phase.name === name);
    const knownSec = known === undefined ? 0 : known.end_sec - known.start_sec;
    return knownSec > 0 ? knownSec : durationSec(phaseSpans[number]!);
  };
  const tables = {
    per_node: named(nodes, byNode!)
      .map(({ name, figures }) => groupSummaryOf(name, figures, duration))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
    per_phase: named(phaseNames, byPhase!)
      .sort((a, b) => phaseSpans[a.number]!.firstSec - phaseSpans[b.number]!.firstSec)
      .map(({ name, number, figures }) => groupSummaryOf(name, figures, phaseDuration(name, number))),
    per_outcome: named(outcomes, byOutcome!).map(({ name, figures }) =>
      groupSummaryOf(name, figures, duration),
    ),
  };
  return { all: all![0]!, tables };
}
