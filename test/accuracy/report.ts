import { caseText } from './cases.ts';
import { type Goal, goalsOf } from './goals.ts';
import type { Score } from './score.ts';

export interface Report {
  readonly scores: readonly Score[];
  readonly seed: number;
  readonly started: Date;
  readonly tookSec: number;
}

/** How many of the runs that fall short are named. */
const mostNamed = 8;

/** docs/accuracy.md. */
export function report({ scores, seed, started, tookSec }: Report): string {
  const goals = goalsOf(scores);
  const counted = scores.filter(({ isBusy }) => !isBusy);
  const busy = scores.filter(({ isBusy }) => isBusy);
  const sources = (['generated', 'real'] as const).map((source) =>
    counted.filter(({ of }) => of.source === source),
  );
  const [made, real] = sources.map(({ length }) => length);
  const hiccups = counted.filter(({ hasHiccup }) => hasHiccup).length;
  const tables = sources.filter(({ length }) => length > 0).map(table);
  return `# How right the analysis is

Written by \`npm run accuracy\`: runs in which it is known what happened, and when, are analysed, each against a baseline
without a fault. \`test/accuracy/\` is what judges them, \`src/testing/scripted/\` what plays them.

- **Generated** runs are played in compressed time: the load agent on a virtual clock, a service that does what a script says, and
  the writers of every run. Their latencies are heavy-tailed, wander, and have hiccups of the whole machine; some requests fail for no
  reason. There are three such weathers, \`calm\`, \`usual\` and \`rough\`, and at 50 rps a run has 60 s, at 1,000 rps 20 s.
- **Real** runs are the CLI's own, over real sockets, against an HTTP or a Redis service in a process of its own, which does what a
  script says and notes when each change took place: that is the truth they are held against. Redis load keeps one connection to each
  node: one that was lost is over when the service sees it made again, and as answers on it come in order, a latency or a ramp is over
  when the last answer that it held up has left. What the service did is written into the run's log as faults. A run in which the
  generator was late by more than 20 ms (p99), or that says itself that nothing can be concluded from it, is no evidence for or
  against: it is not counted.

${started.toISOString().slice(0, 10)}, seed ${seed}: ${made} generated runs and ${real} real ones in ${Math.round(tookSec / 60)} minutes${
    busy.length === 0 ? '' : `; ${busy.length} real ones did not count, as the machine was too busy`
  }.

## Goals

| goal | reached | |
| --- | --- | --- |
${goals.map(({ text, reached, met }) => `| ${text} | ${reached} | ${met ? 'met' : '**missed**'} |`).join('\n')}

## By kind

Errors are those of the start and the end of what \`windows\` of analysis.json says, without a sign, in milliseconds: median, p95 and
worst. Requests belong to the time at which they were due: an outage starts with itself, or with any request since the first that it
lost, which may have been under way for a while; a ramp starts where it adds nothing yet. A window goes on until requests were as usual
for as long as a recovery has to last (\`recovery_windows\`): a hiccup of the weather within that time, before or after, may be part
of it or not, and neither is an error; ${hiccups} of the generated runs had one.
“Whole seconds” are those of \`anomaly_windows\`, which look at errors and throughput alone: a request that waits for the end of a hang, and
is answered in time, is no error. Recovery is \`time_to_recover_sec\`, where the run's log tells of a fault: all real runs, and about half
of the generated ones. Precision is the share of windows that are of what happened, recall the share of runs in which it was found.

${tables.join('\n\n')}
${goals.some(({ short }) => short.length > 0) ? `\n## What falls short\n\n${goals.flatMap(shortText).join('\n').trimEnd()}\n` : ''}`;
}

function shortText({ text, short }: Goal): string[] {
  if (short.length === 0) return [];
  const more = short.length > mostNamed ? [`- and ${short.length - mostNamed} more`] : [];
  return [`${text}:`, '', ...short.slice(0, mostNamed).map((line) => `- ${line}`), ...more, ''];
}

const head = [
  'runs',
  'rps',
  'what happens',
  'count',
  'precision',
  'recall',
  'start',
  'end',
  'whole seconds: start',
  'end',
  'recovery',
];

function table(scores: readonly Score[]): string {
  const groups = Map.groupBy(
    scores.toSorted((a, b) => a.of.rps - b.of.rps),
    ({ of }) => `${of.source}|${of.rps}|${of.disturbance?.kind ?? 'nothing'}`,
  );
  const rows = [...groups].map(([key, own]) => [...key.split('|'), ...figures(own)]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function figures(scores: readonly Score[]): string[] {
  const windows = sum(scores.map((score) => score.windows));
  const right = windows - sum(scores.map((score) => score.falseWindows));
  const happened = scores.filter(({ of }) => of.disturbance !== null);
  const found = happened.filter(({ fine }) => fine !== null);
  return [
    String(scores.length),
    windows === 0 ? '' : share(right, windows),
    happened.length === 0 ? '' : share(found.length, happened.length),
    spread(scores.map(({ fine }) => fine?.onsetMs)),
    spread(scores.map(({ fine }) => fine?.endMs)),
    spread(scores.map(({ whole }) => whole?.onsetMs)),
    spread(scores.map(({ whole }) => whole?.endMs)),
    spread(scores.map(({ recoveryMs }) => recoveryMs)),
  ];
}

function share(part: number, whole: number): string {
  return `${part} / ${whole}`;
}

/** Median, p95 and worst. */
function spread(values: readonly (number | null | undefined)[]): string {
  const known = values.filter((value) => value !== null && value !== undefined).toSorted((a, b) => a - b);
  if (known.length === 0) return '';
  const at = (quantile: number) => known[Math.ceil(known.length * quantile) - 1]!;
  return [at(0.5), at(0.95), at(1)]
    .map((ms) => (Number.isFinite(ms) ? String(Math.round(ms)) : 'none'))
    .join(' / ');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A line for each run as it is judged, for whoever waits. */
export function progressText({ of, fine, windows, falseWindows, isBusy }: Score): string {
  const found =
    fine === null ? 'nothing found' : `off by ${Math.round(fine.onsetMs)} and ${Math.round(fine.endMs)} ms`;
  const busy = isBusy ? ', does not count: the machine was too busy' : '';
  return `${caseText(of)}: ${found}; ${windows} windows, ${falseWindows} of them false${busy}`;
}
