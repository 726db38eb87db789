import type { Analysis, FaultSpan } from '../model/analysis.ts';
import type { FaultRecovery } from '../model/recovery.ts';
import type { ReportFacts } from './facts.ts';
import { plural, seconds } from './figures.ts';

/** What the verdict says of a run, beside its gates. */

/** So many faults have a sentence each. */
const most = 3;

/** How the run came through its faults, the worst first; empty without a baseline. */
export function recoverySentences({ analysis }: ReportFacts): readonly string[] {
  if (analysis === null) return [];
  const { recoveries, faults } = analysis;
  const sentences = recoveries
    .filter(({ disturbed }) => disturbed)
    .toSorted(worstFirst)
    .map((recovery) => recoverySentence(recovery, faults));
  if (sentences.length === 0) return [calmSentence(analysis)];
  const rest = sentences.length - most;
  if (rest <= 1) return sentences;
  return [
    ...sentences.slice(0, most),
    `${plural(rest, 'more fault')} disturbed its nodes, too: see the table.`,
  ];
}

/** What it forgot, where that was checked. */
export function lostSentences({ run: { correctness } }: ReportFacts): readonly string[] {
  const lost = correctness?.lost_writes ?? 0;
  return lost === 0 ? [] : [`${plural(lost, 'acknowledged write was', 'acknowledged writes were')} lost.`];
}

function worstFirst(a: FaultRecovery, b: FaultRecovery): number {
  const length = (one: FaultRecovery) => one.time_to_recover_sec ?? one.observed_for_sec;
  return Number(a.recovered) - Number(b.recovered) || length(b) - length(a);
}

function recoverySentence(recovery: FaultRecovery, faults: readonly FaultSpan[]): string {
  const { fault: id, judged_by, recovered, observed_for_sec, time_to_recover_sec: took } = recovery;
  const fault = faults.find((one) => one.id === id);
  const deed = fault === undefined ? `a node was disturbed (${id})` : `${fault.node} was ${fault.effect}`;
  if (!recovered || took === null)
    return `${deed}, and was not seen to recover within ${seconds(observed_for_sec)}.`;
  const isOwn = fault !== undefined && judged_by === 'nodes';
  const subject = isOwn ? fault.node : 'The service';
  const since = isOwn ? `it was ${fault.effect}` : deed;
  return `${subject} recovered ${seconds(took)}${doubtOf(recovery)} after ${since}${sinceUndo(recovery, fault)}.`;
}

function doubtOf({ uncertainty_sec: uncertain }: FaultRecovery): string {
  return uncertain === null ? '' : ` ± ${seconds(uncertain)}`;
}

/** The time since the undo is never below 0: which of the two came first, only the fault's own times tell. */
function sinceUndo(recovery: FaultRecovery, fault: FaultSpan | undefined): string {
  const { time_to_recover_after_undo_sec: sec, time_to_recover_sec: took, uncertainty_sec: doubt } = recovery;
  if (sec === null) return '';
  if (sec > 0) return `, ${seconds(sec)} after that was undone`;
  const { effective_sec: effective = null, undone_sec: undone = null } = fault ?? {};
  const isBefore =
    effective !== null && undone !== null && took !== null && effective + took + (doubt ?? 0) < undone;
  return isBefore ? ', before that was undone' : ', as soon as that was undone';
}

/** Of a run in which no request shows a fault. */
function calmSentence(analysis: Analysis): string {
  const { anomaly_windows: windows, windows: fine, recovered, seconds: all } = analysis;
  if (!all.some(({ counted }) => counted)) return 'No second of the run could be judged.';
  const circumstances = circumstancesOf(analysis);
  if (recovered === false) return `${circumstances}; the run was still anomalous when it ended.`;
  if (windows.length + fine.length === 0) return `${circumstances}, and the run was as its baseline.`;
  const stretches = plural(windows.length, 'stretch of seconds', 'stretches of seconds');
  return `${circumstances}; ${stretches} and ${plural(fine.length, 'window')} of single requests were not as in the baseline.`;
}

function circumstancesOf({ faults, recoveries, run_status: status }: Analysis): string {
  if (faults.length === 0) return status === null ? 'The run tells of no fault' : 'No fault was injected';
  const effective = faults.filter(({ effective_sec }) => effective_sec !== null).length;
  if (effective === 0) return 'No fault took effect';
  const [its, it] = effective === 1 ? ['its node', 'it'] : ['their nodes', 'them'];
  const unseen =
    recoveries.length === 0
      ? `with too few requests to judge ${it} by`
      : `and no request of ${its} shows ${it}`;
  return `${plural(effective, 'fault')} took effect, ${unseen}`;
}
