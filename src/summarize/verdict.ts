import type { Facts, FaultFact, Shifted, ShiftFact } from './facts.ts';
import { code, faultName, listed, number } from './words.ts';

/** One or two sentences: what the failure cost, and how long it took to come back. The same whoever writes the rest. */
export function verdict(facts: Facts): string {
  const said = facts.anomalies.window_count === 0 ? calm(facts) : `${cost(facts)} ${recovery(facts)}`;
  const doubt = facts.conclusive ? '' : 'Nothing may be concluded from this run.';
  return [doubt, lostWrites(facts), said, shift(facts)].filter((sentence) => sentence !== '').join(' ');
}

function lostWrites({ writes }: Facts): string {
  if (writes === null || writes.lost === 0) return '';
  if (writes.lost === null) return 'Whether acknowledged writes were lost is not known.';
  return `${number(writes.lost)} of ${number(writes.acknowledged)} acknowledged writes were lost.`;
}

/** The longest shift of latencies: what no whole second tells. */
function shift({ shifts: { first_windows: windows } }: Facts): string {
  const [longest] = windows
    .filter((window) => latencyOf(window) !== null)
    .toSorted((a, b) => b.lasted_sec - a.lasted_sec);
  if (longest === undefined) return '';
  const { nodes, lasted_sec, ended } = longest;
  const where = nodes.length > 3 ? `${nodes.length} nodes` : listed(nodes.map(code));
  const [name, { baseline, during }] = latencyOf(longest)!;
  const until = ended ? '' : ', to the end of the run';
  return `Latency at ${where} was up for ${number(lasted_sec)} s${until}: ${name} ${number(during)} ms (baseline ${number(baseline)} ms).`;
}

function latencyOf({ p50_latency_ms: p50, p95_latency_ms: p95 }: ShiftFact): [string, Shifted] | null {
  if (p50 !== undefined) return ['p50', p50];
  return p95 === undefined ? null : ['p95', p95];
}

function calm(facts: Facts): string {
  if (facts.requests.run.due === 0) return 'No request was due, so there is nothing to judge.';
  const seconds =
    facts.anomalies.judged_seconds === 0 ? 'no second could be judged' : 'no second was anomalous';
  return `${circumstances(facts)}, and ${seconds}: ${errorRate(facts)}.`;
}

function circumstances({ faults }: Facts): string {
  if (faults.length === 0) return 'No fault was injected';
  const effective = faults.filter((fault) => fault.took_effect_sec !== null);
  if (effective.length === 0) return `${named(faults)} had no effect`;
  return `${named(effective)} took effect`;
}

function cost(facts: Facts): string {
  const { anomalies, comparison } = facts;
  const faults = facts.faults.filter((fault) => anomalies.faults.includes(fault.id));
  const during = faults.length === 0 ? 'With no fault in force' : `With ${named(faults)} in force`;
  const worstError = anomalies.causes.includes('error_rate')
    ? `, ${number(anomalies.highest_error_rate_pct)} % in the worst second`
    : '';
  const worstThroughput = anomalies.causes.includes('throughput')
    ? `; throughput fell to ${number(anomalies.lowest_throughput_rps)} requests/s in the worst second ` +
      `(baseline ${number(comparison.throughput_rps.baseline)})`
    : '';
  return `${during}, ${errorRate(facts)}${worstError}${worstThroughput}.`;
}

function errorRate({ comparison: { error_rate_pct: rate } }: Facts): string {
  const change = rate.change_points ?? 0;
  if (change === 0) return `the error rate stayed at ${number(rate.run)} %`;
  const moved = change > 0 ? 'rose' : 'fell';
  return `the error rate ${moved} from ${number(rate.baseline)} % to ${number(rate.run)} % over the whole run`;
}

function recovery({ recovery: { recovered, recovery_time_sec: timeSec } }: Facts): string {
  if (recovered === false) return 'It had not recovered when the run ended.';
  if (timeSec === null) return 'A recovery time cannot be given.';
  if (timeSec === 0) return 'It recovered: only one second was anomalous.';
  return `It recovered: ${number(timeSec)} s lay between the first and the last anomalous second.`;
}

/** Up to three faults by name, more by number. */
function named(faults: readonly FaultFact[]): string {
  const names = [...new Set(faults.map(faultName))];
  return names.length > 3 ? `${names.length} faults` : listed(names);
}
