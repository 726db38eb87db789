import type { SecondRow } from '../model/analysis.ts';
import type { AnomalyThresholds } from '../model/config.ts';
import { type Finding, grave, light, plural } from './findings.ts';
import type { MeasuredRun } from './measure.ts';
import { median } from '../stats/quantile.ts';
import { inForce } from './windows.ts';

/** A run and its judged seconds. */
export interface JudgedRun {
  readonly measured: MeasuredRun;
  readonly seconds: readonly SecondRow[];
}

const loadDifference = 0.1;
/** Under this, one request more or less in a second moves its throughput by half or more. */
const fewRps = 2;

/** What is to be known of a run held against a baseline. */
export function pairFindings(baseline: JudgedRun, run: JudgedRun, thresholds: AnomalyThresholds): Finding[] {
  return [
    ...baselineFindings(baseline, run),
    ...loadFindings(baseline, run, thresholds.throughput_drop_threshold),
    ...secondFindings(run),
    ...thresholdFindings(run, thresholds),
  ];
}

function baselineFindings({ measured, seconds }: JudgedRun, { measured: run }: JudgedRun): Finding[] {
  if (measured.id === run.id) return [light('the run is its own baseline')];
  const findings: Finding[] = [];
  const { mode, driver } = measured.manifest ?? {};
  const { mode: runMode, driver: runDriver } = run.manifest ?? {};
  if (mode !== undefined && runMode !== undefined && mode !== runMode) {
    findings.push(grave(`different modes: the baseline loaded ${mode}, the run ${runMode}`));
  }
  // Containers, embedded processes and nodes that are reached by no driver are not the same machines.
  if (driver !== undefined && runDriver !== undefined && driver.name !== runDriver.name) {
    findings.push(light(`different drivers: ${driver.name} for the baseline, ${runDriver.name} for the run`));
  }
  if (measured.timeline.faults.length > 0) findings.push(light('the baseline had faults itself'));
  const disturbed = seconds.filter(({ anomalous }) => anomalous).length;
  if (disturbed > 0)
    findings.push(light(`${plural(disturbed, 'second')} of the baseline would be anomalous too`));
  return findings;
}

/** The arrival rates in the usual second outside of faults must be alike for the runs to be comparable. */
function loadFindings(baseline: JudgedRun, run: JudgedRun, dropThreshold: number): Finding[] {
  const { throughput_rps: rps } = baseline.measured.summary;
  if (rps === 0) return [grave('the baseline answered nothing: there is nothing to hold the run against')];
  const findings: Finding[] = [];
  if (rps < fewRps) findings.push(light(`at ${rps.toFixed(2)} requests a second, single seconds say little`));
  const usual = usualDue(baseline);
  const usualOfRun = usualDue(run);
  // Neither is a number where no second outside of faults counts; then there is nothing to compare.
  if (Math.abs(usualOfRun - usual) > usual * loadDifference) {
    findings.push({
      text: `unequal load: usually ${usual} requests a second were due in the baseline, ${usualOfRun} requests a second in the run`,
      // Then each second is anomalous for that alone.
      grave: usualOfRun < usual * (1 - dropThreshold),
    });
  }
  return findings;
}

function usualDue({ measured, seconds }: JudgedRun): number {
  const { faults } = measured.timeline;
  return median(
    seconds
      .filter(({ sec, counted }) => counted && !faults.some((fault) => inForce(fault, sec, sec + 1)))
      .map(({ due }) => due),
  );
}

function secondFindings({ seconds }: JudgedRun): Finding[] {
  if (seconds.some(({ counted }) => counted)) return [];
  return [grave('no second of the run can be judged: it is too short, or all of it is warm-up')];
}

/** A config that has changed since judges a run otherwise than it would have been then. */
function thresholdFindings({ measured }: JudgedRun, thresholds: AnomalyThresholds): Finding[] {
  // An older run may have been made before there were some of them.
  const then = new Map(Object.entries(measured.manifest?.config.anomaly_detection ?? {}));
  const changed = Object.entries(thresholds).filter(([key, now]) => (then.get(key) ?? now) !== now);
  if (changed.length === 0) return [];
  const told = changed.map(([key, now]) => `${key} ${now}, not ${then.get(key)}`);
  return [light(`judged by other thresholds than its own config had: ${told.join(', ')}`)];
}
