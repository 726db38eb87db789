import type { Summary } from '../model/analysis.ts';
import { exhaustionText } from '../model/exhaustion.ts';
import type { ClockReport } from '../store/metrics-reader-clock.ts';
import type { MeasuredRun } from './measure.ts';

/** A sentence that a reader must know before trusting the numbers; after a grave one nothing can be concluded. */
export interface Finding {
  readonly text: string;
  readonly grave: boolean;
}

/** A larger share of unusable rows, or of missing ones, may hide anything. */
const leftOutShare = 0.01;
/** A lag that shows in the latencies, and one at which the generator, not the nodes, set the pace. */
export const lagLimitsMs = { shows: 50, bottleneck: 1000 } as const;
const clockStepMs = 100;
/** A silence is odd that is as many times as long as what usually lies between two requests. */
const manyGaps = 20;

/** What is to be known of one run by itself. */
export function runFindings(run: MeasuredRun): Finding[] {
  return [...fileFindings(run), ...manifestFindings(run), ...endFindings(run), ...faultFindings(run)];
}

function fileFindings({ unreadable, problems, leftOut, clock, file, summary }: MeasuredRun): Finding[] {
  const findings = [...unreadable.map(grave), ...problems.map(light)];
  const { rows, samples, cutOffLine } = leftOut;
  if (rows > 0) {
    const shown = [...samples, ...(rows > samples.length ? ['…'] : [])].join('; ');
    findings.push({
      text: `${plural(rows, 'row')} of ${file} left out (${shown})`,
      grave: rows / (rows + summary.due) > leftOutShare,
    });
  }
  findings.push(...clockFindings(clock, file, summary));
  if (cutOffLine !== null) findings.push(light(`the last line of ${file}, ${cutOffLine}, is cut off`));
  return findings;
}

/** Rows of other origin have the time of a clock that may have been set meanwhile. */
function clockFindings(clock: ClockReport | null, file: string, summary: Summary): Finding[] {
  const findings: Finding[] = [];
  const { back, leap } = clock ?? { back: null, leap: null };
  if (back !== null) {
    const { times, mostSec, line } = back;
    const often = times === 1 ? '' : `, and ${plural(times - 1, 'time')} more`;
    findings.push(
      light(
        `the timestamps of ${file} go back by ${times === 1 ? '' : 'up to '}${shown(mostSec)} s at line ${line}${often}: its rows are not in order, or the clock was set back`,
      ),
    );
  }
  const usualGapSec = summary.duration_sec / summary.due;
  // Among rows that are in no order, one that is far ahead of those before it says nothing.
  const inOrder = back === null || back.times === 1;
  if (leap !== null && inOrder && leap.sec > usualGapSec * manyGaps) {
    const { sec, line } = leap;
    findings.push(
      light(
        `for ${shown(sec)} s before line ${line} of ${file} nothing was due: nothing was sent, or the clock was set forward`,
      ),
    );
  }
  return findings;
}

function shown(sec: number): string {
  return String(Math.round(sec * 10) / 10);
}

function manifestFindings({ manifest, summary, file }: MeasuredRun): Finding[] {
  if (manifest === null) return [];
  const {
    generator,
    status,
    reason,
    counts,
    lost_rows: lost,
    schedule_lag: lag,
    clock_offset_ms: steppedMs,
    conclusive,
  } = manifest;
  const findings: Finding[] = [];
  if (status === 'running') findings.push(light('its manifest says `running`: it was cut off, or goes on'));
  else if (status !== 'complete') {
    const ended = status === 'failed' ? 'it failed' : `it was ${status}`;
    findings.push({ text: reason === null ? ended : `${ended}: ${reason}`, grave: status === 'failed' });
  }
  if (status !== 'running' && counts.due !== summary.due) {
    const why = lost === undefined ? '' : `: ${plural(lost, 'row')} could not be written`;
    findings.push({
      text: `its manifest counts ${plural(counts.due, 'request')}, ${file} holds ${summary.due}${why}`,
      grave: Math.abs(counts.due - summary.due) > counts.due * leftOutShare,
    });
  }
  const exhausted = exhaustionText(generator?.exhausted ?? {});
  if (exhausted !== null) findings.push(grave(`${exhausted}: that is not the nodes’ doing`));
  // An older run does not say itself what it was.
  const wasBehind =
    exhausted === null && (generator?.bottleneck ?? (lag?.p99_ms ?? 0) > lagLimitsMs.bottleneck);
  if (lag !== null && (lag.p99_ms > lagLimitsMs.shows || wasBehind)) {
    const p99 = `the generator lagged behind its schedule (p99 ${Math.round(lag.p99_ms)} ms)`;
    findings.push(
      wasBehind
        ? grave(`${p99}: it was the bottleneck, not the nodes`)
        : light(`${p99}, which is part of the latencies`),
    );
  }
  if (Math.abs(steppedMs) > clockStepMs) {
    findings.push(light(`the wall clock was moved by ${Math.round(steppedMs)} ms while it ran`));
  }
  // After what says why.
  if (!conclusive) findings.push(grave('its manifest says that nothing can be concluded from it'));
  return findings;
}

function endFindings({ untoldSec, writes: { reason } }: MeasuredRun): Finding[] {
  const untold = `its last ${untoldSec} s are not judged: requests that were in flight at its end have no rows`;
  return [...(untoldSec === null ? [] : [light(untold)]), ...(reason === null ? [] : [light(reason)])];
}

function faultFindings({ timeline: { faults, ineffective, remarks } }: MeasuredRun): Finding[] {
  const findings = faults.flatMap(({ id, kind, node, undo_failed }) => [
    ...(ineffective.includes(id) ? [grave(`the fault ${id} (${kind} ${node}) had no effect`)] : []),
    ...(undo_failed ? [light(`the fault ${id} (${kind} ${node}) could not be undone`)] : []),
  ]);
  return [...findings, ...remarks.map(light)];
}

export function light(text: string): Finding {
  return { text, grave: false };
}

export function grave(text: string): Finding {
  return { text, grave: true };
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
