import { inForce } from '../analyze/windows.ts';
import type { Analysis, FaultSpan } from '../model/analysis.ts';
import type { Gate } from '../model/gate.ts';
import type { FaultFigure } from '../model/gate-metric.ts';
import type { Evidence } from './evidence.ts';
import { type FaultReading, measured, type Reading, withoutBaseline } from './reading.ts';
import { strangerIn } from './requests.ts';
import { shown } from './shown.ts';

/** A figure of each fault that the gate is about. */
export function faultReadings(
  gate: Gate,
  figure: FaultFigure,
  { analysis }: Evidence,
): readonly FaultReading[] {
  if (analysis === null) return [{ fault: null, reading: withoutBaseline }];
  const faults = faultsOf(analysis, gate);
  if (typeof faults === 'string') return [{ fault: null, reading: { unknown: faults } }];
  return faults.map((fault) => ({ fault: fault.id, reading: figureOf(analysis, fault, figure) }));
}

/**
 * `recovery_time_sec` as the analysis has it or, for a phase or a node, the same of the windows in which its faults were in
 * force: the last anomalous second minus the first. Where a fault took effect and no second was anomalous, it is 0.
 */
export function recoveryReading(gate: Gate, { analysis }: Evidence): Reading {
  if (analysis === null) return withoutBaseline;
  const { recovery_time_sec: plain, recovery_reason: reason, recovered } = analysis;
  if (gate.phase === null && gate.node === null && plain !== null)
    return measured(plain, reason ?? 'from the first anomalous second to the last', recovered === false);
  const faults = faultsOf(analysis, gate);
  if (typeof faults === 'string') return { unknown: faults };
  const idle = faults.find(({ effective_sec }) => effective_sec === null);
  if (idle !== undefined) return { unknown: `${idle.id} (${idle.kind} ${idle.node}) had no effect` };
  const ids = faults.map(({ id }) => id);
  const windows = analysis.anomaly_windows.filter((window) => window.faults.some((id) => ids.includes(id)));
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) {
    const isSeen = analysis.seconds.some(
      ({ sec, counted }) => counted && faults.some((fault) => inForce(fault, sec, sec + 1)),
    );
    const during = `while ${ids.join(', ')} was in force`;
    return isSeen
      ? measured(0, `no second was anomalous ${during}`)
      : { unknown: `no second could be judged ${during}` };
  }
  const isAtLeast = recovered === false && last === analysis.anomaly_windows.at(-1);
  const of = `seconds ${first.start_sec} to ${last.end_sec} were anomalous${isAtLeast ? `; ${reason}` : ''}`;
  return measured(last.end_sec - first.start_sec, of, isAtLeast);
}

/** How many anomaly windows there are; of a phase, those that touch it. */
export function windowsReading({ phase }: Gate, { analysis, report }: Evidence): Reading {
  if (analysis === null) return withoutBaseline;
  const stranger = strangerIn(report, { phase, node: null });
  if (stranger !== null) return { unknown: stranger };
  const span = phase === null ? undefined : analysis.phases.find(({ name }) => name === phase);
  if (phase !== null && span === undefined) return { unknown: `it is not known when ${phase} was` };
  const touches = (fromSec: number, toSec: number) =>
    span === undefined || (fromSec < span.end_sec && toSec > span.start_sec);
  if (!analysis.seconds.some(({ sec, counted }) => counted && touches(sec, sec + 1)))
    return { unknown: 'no second could be judged' };
  const windows = analysis.anomaly_windows.filter((one) => touches(one.start_sec, one.end_sec + 1));
  const shown = windows.map(({ start_sec, end_sec }) => `${start_sec}–${end_sec}`);
  return measured(
    windows.length,
    shown.length === 0 ? 'no second was anomalous' : `seconds ${shown.join(', ')}`,
  );
}

/** What the run's checks of writes came to, where it had any. */
export function lostWritesReading({ report }: Evidence): Reading {
  const found = fieldOf(report, 'correctness');
  const lost = fieldOf(found, 'lost_writes');
  if (typeof lost === 'number') return measured(lost, 'read back when all was undone');
  return isThere(found) ? { unknown: 'what became of the writes is not known' } : { unknown: notMeasured };
}

const notMeasured = 'it was not measured';

/** The faults that a gate is about, one at least; or why there is none. */
function faultsOf({ faults }: Analysis, { phase, node }: Gate): readonly FaultSpan[] | string {
  const own = faults.filter(
    (fault) => (phase === null || fault.phase === phase) && (node === null || fault.node === node),
  );
  if (own.length > 0) return own;
  const where = `${node === null ? '' : ` into ${node}`}${phase === null ? '' : ` during ${phase}`}`;
  return `no fault was injected${where}: there was nothing to recover from`;
}

/** What the analysis says of one fault: a number of seconds, or that it was not over after so many. */
function figureOf(analysis: Analysis, { id, kind, node }: FaultSpan, figure: FaultFigure): Reading {
  const about = `${id} (${kind} ${node})`;
  const listed = fieldOf(analysis, 'recoveries');
  const recovery: unknown = Array.isArray(listed)
    ? listed.find((one) => fieldOf(one, 'fault') === id)
    : undefined;
  if (!isThere(recovery)) return { unknown: `${notMeasured} for ${about}` };
  const value = fieldOf(recovery, figure);
  if (typeof value === 'number') return measured(value, `of ${about}`);
  const observed = fieldOf(recovery, 'observed_for_sec');
  if (figure === 'time_to_detect_sec' || typeof observed !== 'number')
    return { unknown: `no request shows ${about}` };
  if (figure === 'time_to_recover_sec')
    return measured(observed, `${about} was not recovered from by then`, true);
  return {
    unknown: `the outage of ${about} had not ended when it was last looked, after ${shown(observed, 's')}`,
  };
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A field that runs may have come without. */
function fieldOf(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined;
}
