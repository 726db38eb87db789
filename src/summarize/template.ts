import type { Compared, Facts, FaultRequests } from './facts.ts';
import { verdict } from './verdict.ts';
import { code, faultName, listed, number, signed, table } from './words.ts';

/** The summary made without a model; `reason` is why. */
export function templateSummary(facts: Facts, reason: string): string {
  const body = [
    comparison(facts),
    writes(facts),
    faults(facts),
    anomalies(facts),
    shifts(facts),
    recovery(facts),
    parts(facts),
  ].filter((text) => text !== '');
  const origin = `Made from a template, without a language model: ${reason.replaceAll('`', "'")}.`;
  return framed(facts, body, origin);
}

/** A model's text under the same headline. */
export function modelSummary(facts: Facts, text: string, model: string): string {
  const origin = `Written by ${code(model)}; every number in it was found in the analysis. The headline was not written by the model.`;
  return framed(facts, [text], origin);
}

function framed(facts: Facts, body: readonly string[], origin: string): string {
  const title = `# Summary of ${code(facts.run_id)}`;
  const runs = `${scenario(facts)}, held against baseline ${code(facts.baseline_id)}.`;
  const sections = [title, `**${verdict(facts)}**`, runs, warnings(facts), ...body, '---', `_${origin}_`];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function scenario(facts: Facts): string {
  const name = facts.scenario === null ? 'Scenario unknown' : `Scenario ${code(facts.scenario)}`;
  const mode = facts.mode === null ? '' : ` (${facts.mode})`;
  return `${name}${mode}, ${number(facts.duration_sec.run)} s`;
}

function warnings(facts: Facts): string {
  if (facts.warnings.length === 0) return '';
  return ['Before trusting these numbers:', '', ...facts.warnings.map((warning) => `- ${warning}`)].join(
    '\n',
  );
}

function comparison({ comparison, requests }: Facts): string {
  const row = (name: string, compared: Compared) => [
    name,
    number(compared.baseline),
    number(compared.run),
    changed(compared),
  ];
  const count = (name: string, key: keyof typeof requests.run) => [
    name,
    number(requests.baseline[key]),
    number(requests.run[key]),
    '',
  ];
  return table(
    ['', 'baseline', 'run', 'change'],
    [
      row('Throughput (requests/s)', comparison.throughput_rps),
      row('Goodput (requests/s)', comparison.goodput_rps),
      row('Error rate (%)', comparison.error_rate_pct),
      row('Latency p50 (ms)', comparison.p50_latency_ms),
      row('Latency p95 (ms)', comparison.p95_latency_ms),
      row('Latency p99 (ms)', comparison.p99_latency_ms),
      count('Requests due', 'due'),
      count('… failed', 'fail'),
      count('… without an answer', 'unknown'),
      count('… not sent, too many in flight', 'dropped'),
    ],
    1,
  );
}

function changed({ change_pct: percent = null, change_points: points = null }: Compared): string {
  if (percent !== null) return `${signed(percent)} %`;
  return points === null ? '–' : `${signed(points)} points`;
}

function faults(facts: Facts): string {
  if (facts.fault_count === 0) return section('Faults', 'None was injected.');
  const lines = facts.faults.map((fault) => {
    const what = `- ${faultName(fault)} in phase ${code(fault.phase)}`;
    if (fault.took_effect_sec === null) return `${what}: had no effect.`;
    const steps = [`took effect at ${number(fault.took_effect_sec)} s`];
    if (fault.undone_sec !== null) steps.push(`undone at ${number(fault.undone_sec)} s`);
    if (fault.served_again_sec !== null) steps.push(`serving again at ${number(fault.served_again_sec)} s`);
    if (fault.undo_failed) steps.push('**the undo failed**');
    else if (fault.undone_sec === null && fault.served_again_sec === null) steps.push('not undone');
    return `${what}: ${listed(steps)}.${fault.requests === null ? '' : ` ${throughRequests(fault.requests)}`}`;
  });
  return section('Faults', lines.join('\n'));
}

/** What the requests tell of a fault. */
function throughRequests(requests: FaultRequests): string {
  if (!requests.showed) return 'The requests of its nodes do not show it.';
  const outage =
    requests.outage_sec === 0 ? '' : `; for ${number(requests.outage_sec)} s none of theirs succeeded`;
  const { detected_after_sec: detected, uncertainty_sec: uncertainty } = requests;
  const when = detected === 0 ? 'at once' : `after ${number(detected)} s`;
  const showed = detected === null ? '' : `It showed ${when}. `;
  const doubt = uncertainty === null ? '' : ` (± ${number(uncertainty)} s)`;
  const recovery = requests.recovered
    ? `Its nodes were as in the baseline ${number(requests.recovered_after_sec)} s after it took effect${doubt}`
    : `Its nodes were not seen to recover within ${number(requests.observed_for_sec)} s`;
  const budget =
    requests.error_budget_pct === null
      ? ''
      : `, ${number(requests.error_budget_pct)} % of a month’s error budget`;
  const { failed_above_baseline: failed, slow_above_baseline: slow } = requests;
  const cost = `${number(failed)} failed and ${number(slow)} slow ${slow === 1 ? 'request' : 'requests'} above the baseline`;
  return `${showed}${recovery}${requests.outage_sec === null ? '' : outage}; it cost ${cost}${budget}.`;
}

function anomalies({
  anomalies: { rule, judged_seconds: judged, window_count: count, first_windows: shown },
  faults,
}: Facts): string {
  const meaning =
    `A second is anomalous below ${number(rule.throughput_below_rps)} requests/s or above ` +
    `${number(rule.error_rate_above_pct)} % errors; the first ${number(rule.ignored_at_start_sec)} s do not count.`;
  if (judged === 0) return section('Anomalies', `No second could be judged. ${meaning}`);
  if (count === 0) return section('Anomalies', `No second was anomalous. ${meaning}`);
  const rows = shown.map((window) => [
    window.lasted_sec === 1
      ? number(window.start_sec)
      : `${number(window.start_sec)}–${number(window.end_sec)}`,
    listed(window.causes.map((cause) => cause.replaceAll('_', ' '))),
    listed(faults.filter((fault) => window.faults.includes(fault.id)).map(faultName)) || 'none',
    number(window.lowest_throughput_rps),
    number(window.highest_error_rate_pct),
  ]);
  const head = [
    'seconds',
    'cause',
    'faults in force',
    'lowest throughput (requests/s)',
    'highest error rate (%)',
  ];
  const more = count > shown.length ? `\n\nThese are the first of ${number(count)} windows.` : '';
  return section('Anomalies', `${table(head, rows, 3)}${more}\n\n${meaning}`);
}

const metrics = [
  ['throughput_rps', 'throughput (requests/s)'],
  ['error_rate_pct', 'error rate (%)'],
  ['p50_latency_ms', 'p50 (ms)'],
  ['p95_latency_ms', 'p95 (ms)'],
] as const;

/** What was found request by request. */
function shifts({ shifts: { window_count: count, first_windows: shown }, faults }: Facts): string {
  if (count === 0) return '';
  const rows = shown.map((window) => {
    const [key, name] = metrics.find(([metric]) => window[metric] !== undefined) ?? metrics[0];
    return [
      `${number(window.start_sec)}–${window.ended ? number(window.end_sec) : 'the end'}`,
      listed(window.nodes.map(code)),
      listed(faults.filter((fault) => window.faults.includes(fault.id)).map(faultName)) || 'none',
      name,
      number(window[key]?.baseline ?? null),
      number(window[key]?.during ?? null),
    ];
  });
  const head = ['seconds', 'nodes', 'faults in force', 'metric', 'baseline', 'here'];
  const more = count > shown.length ? `\n\nThese are the first of ${number(count)} windows.` : '';
  return section('Windows, request by request', `${table(head, rows, 4)}${more}`);
}

function writes({ writes: found }: Facts): string {
  if (found === null) return '';
  const { acknowledged, indeterminate, lost, duplicates, stale_reads: stale, reason } = found;
  if (lost === null && reason !== null) return section('Writes', `They were not read back: ${reason}.`);
  const rows = [
    ['acknowledged', number(acknowledged)],
    ['… and lost', number(lost)],
    ['… and there more than once', number(duplicates)],
    ['… and not there for a later read', number(stale)],
    ['indeterminate', number(indeterminate)],
  ];
  return section('Writes', table(['', 'writes'], rows, 1));
}

function recovery({ recovery: { recovered, recovery_time_sec: timeSec, reason }, anomalies }: Facts): string {
  const why = reason === null ? '' : ` (${reason})`;
  if (recovered === null && anomalies.window_count === 0)
    return section('Recovery', `There was nothing to recover from${why}.`);
  const time =
    timeSec === null
      ? `A recovery time cannot be given${why}`
      : `${number(timeSec)} s lay between the first and the last anomalous second${why}`;
  const end = recovered || reason !== null ? '' : ' The last counted second was still anomalous.';
  return section('Recovery', `${time}; ${number(anomalies.total_sec)} s were anomalous in all.${end}`);
}

function parts(facts: Facts): string {
  const rows = [
    ...facts.phases.map((part) => ({ kind: 'phase', ...part })),
    ...facts.nodes.map((part) => ({ kind: 'node', ...part })),
  ];
  if (rows.length === 0) return '';
  const cells = rows.map((part) => [
    `${part.kind} ${code(part.name)}`,
    number(part.requests),
    number(part.error_rate_pct),
    number(part.p95_latency_ms),
  ]);
  return section('By phase and node', table(['', 'requests', 'error rate (%)', 'p95 (ms)'], cells, 1));
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text}`;
}
