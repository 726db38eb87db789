import { headline, sentenceOf, titleOf } from '../gate/lines.ts';
import type { ReportFacts } from './facts.ts';
import { listed, plural } from './figures.ts';
import type { BadgeKind } from './section.ts';
import { lostSentences, recoverySentences } from './sentences.ts';

/** What a run came to, before anything else is said of it. */
export interface Verdict {
  readonly state:
    | 'passed'
    | 'gate failed'
    | 'steady state lost'
    | 'inconclusive'
    | 'not undone'
    | 'writes lost'
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
    (gates.gates.length > 0 ? passed(facts) : (writesLost(facts) ?? measured(facts)))
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

/** So many gates that failed have a sentence each; the table has all. */
const mostGates = 5;

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
      ...(unheld.length === 1 ? [] : unheld.slice(0, mostGates).map((gate) => `${sentenceOf(gate)}.`)),
      ...lostSentences(facts),
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
    more: [
      ...lostSentences(facts),
      ...recoverySentences(facts),
      ...(facts.analysis === null ? [withoutBaseline] : []),
    ],
  };
}

const withoutBaseline =
  'There is no baseline to hold the run against. With one (`--baseline ID`) the report says how throughput, latency and errors compare, which seconds were anomalous, how long each fault took to recover from, and what it cost.';

/** Of a run without gates: what it forgot. */
function writesLost(facts: ReportFacts): Verdict | null {
  const [sentence, ...more] = [...lostSentences(facts), ...recoverySentences(facts)];
  if (sentence === undefined || lostSentences(facts).length === 0) return null;
  return { state: 'writes lost', kind: 'failed', badge: 'Writes lost', sentence, more };
}

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

function gateHeadline(gates: ReportFacts['gates']): readonly string[] {
  return gates.gates.length === 0 ? [] : [`Of its gates: ${headline(gates)}.`];
}
