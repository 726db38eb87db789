import type { ComparedRecovery, ComparedRun, RunGroup, RunTrends } from '../model/run-trends.ts';
import { count } from './metric-text.ts';
import { ms, percent, rps, seconds } from './numbers.ts';
import type { Paint } from './style.ts';
import { table } from './table.ts';
import { trendsText } from './trends-text.ts';

/** A run's number in the tables, from 1 on. */
type NumberOf = (runId: string) => number;

const longestName = 34;
const longestScenario = 20;
/** So many faults stand beside each other in a table. */
const mostFaults = 6;

/** Runs beside each other, as a readable page of at most 100 columns. */
export function compareText(trends: RunTrends, paint: Paint): string {
  const { runs, groups, baseline_id: baseline } = trends;
  const numberOf = (id: string) => runs.findIndex(({ run_id }) => run_id === id) + 1;
  const against = baseline === null ? '' : `, recovery against ${paint('bold', baseline)}`;
  const sections = [
    `${count(runs.length, 'run')} by their start${against}`,
    runTable(runs),
    figureTable(runs),
    recoveryTables(runs, paint),
    baseline === null ? '  how long recovery took needs a baseline: --baseline ID' : '',
    groups.flatMap((group) => notComparable(group, groups[0]!, numberOf, paint)).join('\n'),
    ...groups.map((group) => groupText(group, trends, numberOf, paint)),
    leftOut(runs, paint),
    warningLines(trends, paint),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function runTable(runs: readonly ComparedRun[]): string {
  return table(
    ['', 'run', 'scenario', 'started (UTC)', 'status', 'gates'],
    runs.map((run, index) => [
      String(index + 1),
      shortened(run.run_id, longestName),
      shortened(run.scenario ?? '–', longestScenario),
      new Date(run.started_at_sec * 1000).toISOString().slice(0, 16).replace('T', ' '),
      run.status ?? '–',
      gatesText(run),
    ]),
    false,
  );
}

function figureTable(runs: readonly ComparedRun[]): string {
  return table(
    ['', 'requests', 'rps', 'p50', 'p95', 'p99', 'errors', 'lost writes'],
    runs.map(({ summary, writes_checked: isChecked, lost_writes: lost }, index) => [
      String(index + 1),
      String(summary.due),
      rps(summary.throughput_rps),
      ms(summary.p50_latency_ms),
      ms(summary.p95_latency_ms),
      ms(summary.p99_latency_ms),
      percent(summary.error_rate),
      isChecked ? String(lost ?? 'not known') : '–',
    ]),
  );
}

/** How many of its gates passed: a single one that did not counts. */
function gatesText({ gates }: ComparedRun): string {
  if (gates === null) return '–';
  const worst = (['failed', 'inconclusive'] as const)
    .map((status) => ({ status, times: gates.filter((gate) => gate.status === status).length }))
    .filter(({ times }) => times > 0)
    .map(({ status, times }) => `${times} ${status}`);
  return worst.length === 0 ? `${gates.length} passed` : `${worst.join(', ')} of ${gates.length}`;
}

/** A row for each run, a column for each fault. */
function recoveryTables(runs: readonly ComparedRun[], paint: Paint): string {
  const all = runs.flatMap(({ recoveries }) => recoveries ?? []);
  const names = [...new Set(all.map(faultName))];
  const parts = Array.from({ length: Math.ceil(names.length / mostFaults) }, (_, index) =>
    names.slice(index * mostFaults, (index + 1) * mostFaults),
  );
  const tables = parts.map((own) =>
    table(
      ['', ...own],
      runs.map(({ recoveries }, index) => [
        String(index + 1),
        ...own.map((name) => recoveryText(recoveries?.find((one) => faultName(one) === name))),
      ]),
    ),
  );
  return tables.length === 0 ? '' : `${paint('cyan', 'recovered after')}\n${tables.join('\n\n')}`;
}

function faultName({ fault, kind }: Pick<ComparedRecovery, 'fault' | 'kind'>): string {
  return `${fault} ${kind}`;
}

function recoveryText(recovery: ComparedRecovery | undefined): string {
  if (recovery === undefined) return '–';
  const { time_to_recover_sec: took, observed_for_sec: observed } = recovery;
  return took === null ? `> ${seconds(observed)}` : seconds(took);
}

function notComparable(
  { run_ids, differs }: RunGroup,
  first: RunGroup,
  numberOf: NumberOf,
  paint: Paint,
): readonly string[] {
  if (differs.length === 0) return [];
  const [own, others] = [run_ids, first.run_ids].map((ids) => numbersText(ids.map(numberOf)));
  return [`${paint('yellow', 'not comparable')}: ${own} with ${others}: ${differs.join('; ')}`];
}

function groupText(
  group: RunGroup,
  { groups, confidence }: RunTrends,
  numberOf: NumberOf,
  paint: Paint,
): string {
  if (group.trends.length === 0) return '';
  const of = groups.length === 1 ? '' : ` of ${numbersText(group.run_ids.map(numberOf))}`;
  return `${paint('cyan', `trend${of}, run by run`)}\n${trendsText(group.trends, confidence, paint)}`;
}

function leftOut(runs: readonly ComparedRun[], paint: Paint): string {
  return runs
    .flatMap(({ left_out: why }, index) =>
      why === null ? [] : [`${paint('yellow', 'no part of a trend')}: run ${index + 1}: ${why}`],
    )
    .join('\n');
}

function warningLines({ warnings, runs }: RunTrends, paint: Paint): string {
  const own = runs.flatMap((run, index) => run.warnings.map((text) => `run ${index + 1}: ${text}`));
  return [...warnings, ...own].map((text) => `${paint('yellow', 'warning')}: ${text}`).join('\n');
}

/** `run 3`, `runs 1–4, 6` */
function numbersText(numbers: readonly number[]): string {
  const firsts = numbers.filter((number) => !numbers.includes(number - 1));
  const spans = firsts.map((first) => {
    const last = numbers.find((number) => number >= first && !numbers.includes(number + 1))!;
    return first === last ? String(first) : `${first}–${last}`;
  });
  return `run${numbers.length === 1 ? '' : 's'} ${spans.join(', ')}`;
}

/** Without what stands in its middle: ids begin with their scenario, and end with their time. */
function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const kept = longest - 1;
  return `${text.slice(0, Math.ceil(kept / 2))}…${text.slice(-Math.floor(kept / 2))}`;
}
