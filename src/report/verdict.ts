import { headline, sentenceOf, titleOf } from '../gate/lines.ts';
import type { FaultSpan } from '../model/analysis.ts';
import type { FaultRecovery } from '../model/recovery.ts';
import type { ReportFacts } from './facts.ts';
import { listed, plural, seconds } from './figures.ts';
import type { BadgeKind } from './section.ts';

/** What a run came to, before anything else is said of it. */
export interface Verdict {
  readonly state:
    | 'passed'
    | 'gate failed'
    | 'steady state lost'
    | 'inconclusive'
    | 'not undone'
    | 'recovered'
    | 'not recovered'
    | 'anomalous'
    | 'undisturbed'
    | 'no baseline';
  /** How it looks. */
  readonly kind: BadgeKind;
  /** In a word or two. */
  readonly badge: string;
  /** One plain sentence. */
  readonly sentence: string;
  /** What else belongs to it, a sentence each. */
  readonly more: readonly string[];
}

/** As the exit code goes: what is still broken comes before gates, gates and doubts before what was measured. */
export function verdictOf(facts: ReportFacts): Verdict {
  const { gates } = facts;
  return (
    notUndone(facts) ??
    (gates.status === 'failed' ? failed(facts) : null) ??
    (gates.status === 'inconclusive' ? inconclusive(facts) : null) ??
    (gates.gates.length > 0 ? passed(facts) : measured(facts))
  );
}

function notUndone({ gates }: ReportFacts): Verdict | null {
  const broken = gates.checks.filter(({ of, status }) => of === 'undo' && status === 'failed');
  if (broken.length === 0) return null;
  const names = broken.map(({ name }) => name.replace(/ is undone$/, ''));
  return {
    state: 'not undone',
    kind: 'failed',
    badge: 'Not undone',
    sentence: `${listed(names)} could not be undone, and may still be in force.`,
    more: ['`orch recover` undoes what is left, and says what it cannot.', ...gateHeadline(gates)],
  };
}

function failed(facts: ReportFacts): Verdict {
  const { gates } = facts;
  const unheld = gates.gates.filter(({ status }) => status === 'failed');
  const lost = gates.checks.filter(({ of, status }) => of === 'steady_state' && status === 'failed');
  if (unheld.length === 0)
    return {
      state: 'steady state lost',
      kind: 'failed',
      badge: 'Failed',
      sentence: `The steady state did not come back: ${listed(lost.map(({ name }) => name))} does not hold any more.`,
      more: gateHeadline(gates),
    };
  const sentence =
    unheld.length === 1
      ? `A gate failed: ${sentenceOf(unheld[0]!)}.`
      : `${plural(unheld.length, 'gate')} of ${gates.gates.length} failed.`;
  return {
    state: 'gate failed',
    kind: 'failed',
    badge: unheld.length === 1 ? 'Gate failed' : 'Gates failed',
    sentence,
    more: [
      ...(unheld.length === 1 ? [] : unheld.map((gate) => `${sentenceOf(gate)}.`)),
      ...recoverySentences(facts),
    ],
  };
}

function inconclusive(facts: ReportFacts): Verdict {
  const { doubts, gates, checks } = facts.gates;
  const base = { state: 'inconclusive', kind: 'inconclusive', badge: 'Inconclusive' } as const;
  // That its manifest says so is the least of reasons; all of them are told below.
  const doubt =
    doubts.find((one) => !one.endsWith('says that nothing can be concluded from it')) ?? doubts[0];
  if (doubt !== undefined)
    return {
      ...base,
      sentence: `Nothing can be concluded: ${doubt}.`,
      more: ['What was measured shows as little of the nodes where it is good as where it is bad.'],
    };
  const [first = '', ...rest] = [
    ...gates
      .filter(({ status }) => status === 'inconclusive')
      .map((gate) => `${titleOf(gate)} holds cannot be told: ${gate.why}`),
    ...checks
      .filter(({ status }) => status === 'inconclusive')
      .map(({ name, why }) => `${name} cannot be told: ${why}`),
  ].map((what) => `Whether ${what}.`);
  return {
    ...base,
    sentence: first,
    more: [...rest, ...gateHeadline(facts.gates), ...recoverySentences(facts)],
  };
}

function passed(facts: ReportFacts): Verdict {
  const { length } = facts.gates.gates;
  return {
    state: 'passed',
    kind: 'passed',
    badge: 'Passed',
    sentence: length === 1 ? 'Its gate passed.' : `All ${length} gates passed.`,
    more: [...recoverySentences(facts), ...(facts.analysis === null ? [withoutBaseline] : [])],
  };
}

const withoutBaseline =
  'There is no baseline to hold the run against. With one (`--baseline ID`) the report says how throughput, latency and errors compare, which seconds were anomalous, how long each fault took to recover from, and what it cost.';

/** Of a run without gates: how it came through its faults. */
function measured(facts: ReportFacts): Verdict {
  const { analysis, run } = facts;
  if (analysis === null)
    return {
      state: 'no baseline',
      kind: 'skipped',
      badge: 'No baseline',
      sentence: `${plural(run.run_summary.due, 'request')} were measured, and nothing to hold them against.`,
      more: [withoutBaseline],
    };
  const [sentence = '', ...more] = recoverySentences(facts);
  const disturbed = analysis.recoveries.filter((recovery) => recovery.disturbed);
  if (disturbed.length > 0 && disturbed.every(({ recovered }) => recovered))
    return { state: 'recovered', kind: 'passed', badge: 'Recovered', sentence, more };
  if (disturbed.length > 0 || analysis.recovered === false)
    return { state: 'not recovered', kind: 'failed', badge: 'Not recovered', sentence, more };
  const isCalm = analysis.anomaly_windows.length + analysis.windows.length === 0;
  return isCalm
    ? { state: 'undisturbed', kind: 'passed', badge: 'As in the baseline', sentence, more }
    : { state: 'anomalous', kind: 'inconclusive', badge: 'Anomalous', sentence, more };
}

/** How the run came through its faults, the worst first; empty without a baseline. */
function recoverySentences({ analysis }: ReportFacts): readonly string[] {
  if (analysis === null) return [];
  const { recoveries, faults } = analysis;
  const disturbed = recoveries.filter((recovery) => recovery.disturbed).toSorted(worstFirst);
  const sentences = disturbed.map((recovery) => recoverySentence(recovery, faults));
  const most = 3;
  const rest = sentences.length - most;
  if (rest > 1)
    return [...sentences.slice(0, most), `${plural(rest, 'more fault')} took less long: see the table.`];
  if (sentences.length > 0) return sentences;
  return [calmSentence(analysis)];
}

function worstFirst(a: FaultRecovery, b: FaultRecovery): number {
  const length = (one: FaultRecovery) => one.time_to_recover_sec ?? one.observed_for_sec;
  return Number(a.recovered) - Number(b.recovered) || length(b) - length(a);
}

function recoverySentence(recovery: FaultRecovery, faults: readonly FaultSpan[]): string {
  const { fault: id, judged_by, recovered, observed_for_sec, uncertainty_sec: uncertain } = recovery;
  const { time_to_recover_sec: took, time_to_recover_after_undo_sec: afterUndo } = recovery;
  const fault = faults.find((one) => one.id === id);
  const deed = fault === undefined ? `a node was disturbed (${id})` : `${fault.node} was ${fault.effect}`;
  if (!recovered || took === null)
    return `${deed}, and was not seen to recover within ${seconds(observed_for_sec)}.`;
  const isOwn = fault !== undefined && judged_by === 'nodes';
  const subject = isOwn ? fault.node : 'The service';
  const since = isOwn ? `it was ${fault.effect}` : deed;
  const doubt = uncertain === null ? '' : ` ± ${seconds(uncertain)}`;
  const undone = afterUndo === null ? '' : `, ${seconds(afterUndo)} after that was undone`;
  return `${subject} recovered ${seconds(took)}${doubt} after ${since}${undone}.`;
}

function calmSentence(analysis: NonNullable<ReportFacts['analysis']>): string {
  const { anomaly_windows: windows, windows: fine, faults, recovered, seconds: all } = analysis;
  if (!all.some(({ counted }) => counted)) return 'No second of the run could be judged.';
  const circumstances =
    faults.length === 0
      ? 'No fault was injected'
      : `${plural(faults.length, 'fault')} took effect, and no request of ${faults.length === 1 ? 'its node' : 'their nodes'} shows it`;
  if (recovered === false) return `${circumstances}; the run was still anomalous when it ended.`;
  if (windows.length + fine.length === 0) return `${circumstances}, and the run was as its baseline.`;
  return `${circumstances}; ${plural(windows.length, 'stretch of seconds', 'stretches of seconds')} and ${plural(fine.length, 'window')} of single requests were not as in the baseline.`;
}

function gateHeadline(gates: ReportFacts['gates']): readonly string[] {
  return gates.gates.length === 0 ? [] : [`Of its gates: ${headline(gates)}.`];
}
