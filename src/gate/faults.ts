import { inForce } from '../analyze/windows.ts';
import type { Analysis, FaultSpan } from '../model/analysis.ts';
import type { Gate } from '../model/gate.ts';
import type { FaultFigure } from '../model/gate-metric.ts';
import type { Evidence } from './evidence.ts';
import { type FaultReading, measured, type Reading, withoutBaseline } from './reading.ts';
import { strangerIn } from './requests.ts';

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
 * `recovery_time_sec` as the analysis has it: from the first anomalous second to the last, whatever made them so. Where no
 * second was, or with a phase or node, the same of each of those faults: of the windows in which it was in force.
 */
export function recoveryReadings(gate: Gate, { analysis }: Evidence): readonly FaultReading[] {
  if (analysis === null) return [{ fault: null, reading: withoutBaseline }];
  const { recovery_time_sec: plain, recovery_reason: reason, recovered } = analysis;
  if (gate.phase === null && gate.node === null && plain !== null) {
    const of = reason ?? 'from the first anomalous second to the last';
    return [{ fault: null, reading: measured(plain, of, { isAtLeast: recovered === false }) }];
  }
  const faults = faultsOf(analysis, gate);
  if (typeof faults === 'string') return [{ fault: null, reading: { unknown: faults } }];
  return faults.map((fault) => ({ fault: fault.id, reading: recoveryOf(fault, analysis) }));
}

/** The last anomalous second of a fault's windows minus the first. Where it took effect and no second was anomalous, 0. */
function recoveryOf(fault: FaultSpan, analysis: Analysis): Reading {
  const { id, kind, node } = fault;
  const { anomaly_windows: all, seconds, recovered, recovery_reason: reason } = analysis;
  if (fault.effective_sec === null) return { unknown: `${id} (${kind} ${node}) had no effect` };
  const windows = all.filter((window) => window.faults.includes(id));
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) {
    const during = `while ${id} was in force`;
    return seconds.some(({ sec, counted }) => counted && inForce(fault, sec, sec + 1))
      ? measured(0, `no second was anomalous ${during}`)
      : { unknown: `no second could be judged ${during}` };
  }
  const isAtLeast = recovered === false && last === all.at(-1);
  const of = `seconds ${first.start_sec} to ${last.end_sec} were anomalous${isAtLeast ? `; ${reason}` : ''}`;
  return measured(last.end_sec - first.start_sec, of, { isAtLeast });
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
  const { correctness, correctness_reason: reason } = report;
  if (correctness === null) return { unknown: reason ?? notMeasured };
  const { lost_writes: lost } = correctness;
  return lost === null
    ? { unknown: 'what became of the writes is not known' }
    : measured(lost, 'read back when all was undone');
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
function figureOf({ recoveries }: Analysis, { id, kind, node }: FaultSpan, figure: FaultFigure): Reading {
  const about = `${id} (${kind} ${node})`;
  const recovery = recoveries.find(({ fault }) => fault === id);
  if (recovery === undefined) return { unknown: `${notMeasured} for ${about}` };
  const value = recovery[figure];
  const { uncertainty_sec: off } = recovery;
  // Of an outage that there was not, nothing began or ended.
  const uncertainty = figure === 'outage_sec' && value === 0 ? null : off;
  if (value !== null) return measured(value, `of ${about}`, { uncertainty });
  const bound = { isAtLeast: true, uncertainty };
  switch (figure) {
    case 'time_to_detect_sec':
      return { unknown: `no request shows ${about}` };
    case 'time_to_recover_sec':
      return measured(recovery.observed_for_sec, `${about} was not recovered from by then`, bound);
    case 'outage_sec':
      return measured(recovery.outage_at_least_sec, `the outage of ${about} had not ended by then`, bound);
  }
}
