import type { FaultInForce } from '../run/faults-in-force.ts';
import type { ErrorFigure, LiveFigures } from './live-figures.ts';
import { nodeLines, type ShownNode } from './live-nodes.ts';
import { ms, percent, rps } from './numbers.ts';
import { clipped, type Paint } from './style.ts';

/** What there is to show of a run at one moment. */
export interface LiveState {
  /** Null where the last phase is over, and what was begun is brought to its end. */
  readonly phase: { readonly name: string; readonly lengthMs: number; readonly leftMs: number } | null;
  readonly runMs: number;
  readonly endMs: number;
  readonly figures: LiveFigures;
  readonly nodes: readonly ShownNode[];
  readonly faults: readonly FaultInForce[];
}

/** Each line begins with what it is about. */
const labelWidth = 10;
const cellWidth = 13;
const cellGap = 2;
const errorsShown = 3;
const faultsShown = 5;

/** The live view as lines, none of them wider than `columns`. */
export function liveBlock(state: LiveState, columns: number, paint: Paint): string {
  const { figures, nodes, faults, runMs } = state;
  const { rates, targetRps, inFlight } = figures;
  const sections: readonly (readonly [label: string, lines: readonly string[]])[] = [
    ['phase', [phaseLine(state, columns - labelWidth - 1, paint)]],
    [
      'rps',
      rows([
        ['target', targetRps === null ? '–' : rate(targetRps)],
        ...(['due', 'sent', 'done'] as const).map((name): Cell => [name, rate(rates[name])]),
      ]),
    ],
    [
      'latency',
      rows([
        ['p50', ms(figures.p50LatencyMs)],
        ['p95', ms(figures.p95LatencyMs)],
        ['p99', ms(figures.p99LatencyMs)],
        ['in flight', String(inFlight)],
      ]),
    ],
    ['errors', [errorLine(figures, paint)]],
    ['nodes', nodeLines(nodes, columns - labelWidth - 1, paint)],
    ['faults', faultLines(faults, runMs, paint)],
  ];
  const shown = sections.flatMap(([label, lines]) =>
    lines.map((line, index) => paint('dim', (index === 0 ? label : '').padEnd(labelWidth)) + line),
  );
  // The last column stays empty: some terminals begin a new line as soon as it is written to.
  return ['', ...shown.map((line) => clipped(line, columns - 1))].join('\n');

  function rows(cells: readonly Cell[]): string[] {
    return cellLines(cells, columns - labelWidth - 1, paint);
  }
}

type Cell = readonly [name: string, value: string];

/** All in one line, or evenly in several where it is not wide enough: a figure that is cut off is a wrong one. */
function cellLines(cells: readonly Cell[], width: number, paint: Paint): string[] {
  const widest = Math.max(cellWidth, ...cells.map(([name, value]) => `${name} ${value}`.length));
  const most = Math.max(Math.floor((width + cellGap) / (widest + cellGap)), 1);
  const lines = Math.ceil(cells.length / most);
  const perLine = Math.ceil(cells.length / lines);
  return Array.from({ length: lines }, (_, line) =>
    cells
      .slice(line * perLine, (line + 1) * perLine)
      .map(([name, value]) => `${paint('dim', name)} ${value.padStart(cellWidth - 1 - name.length)}`)
      .join(' '.repeat(cellGap)),
  );
}

/** Whole from a thousand on, so that it stays narrow. */
function rate(value: number): string {
  return value < 1000 ? rps(value) : value.toFixed(0);
}

function phaseLine({ phase, runMs, endMs }: LiveState, width: number, paint: Paint): string {
  const of = `run ${clock(Math.min(runMs, endMs))} of ${clock(endMs)}`;
  if (phase === null)
    return `${paint('bold', 'ending')}  ${paint('dim', 'what was begun is brought to its end')}  ${of}`;
  const { name, lengthMs, leftMs } = phase;
  const text = `  ${clock(leftMs).padStart(clock(lengthMs).length)} left  ${paint('dim', '·')}  ${of}`;
  const room = width - name.length - 2 - `  ${clock(lengthMs)} left  ·  ${of}`.length;
  return `${paint('bold', name)}  ${bar(1 - leftMs / Math.max(lengthMs, 1), Math.min(room, 40), paint)}${text}`;
}

/** @param share 0..1, how much of it is filled */
function bar(share: number, width: number, paint: Paint): string {
  if (width < 4) return '';
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return paint('cyan', '━'.repeat(filled)) + paint('dim', '─'.repeat(width - filled));
}

/** `0:07`, `12:30`, `1:02:03`: as wide at each moment as a clock is. */
function clock(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${hours > 0 ? String(minutes).padStart(2, '0') : minutes}:${String(seconds % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

function errorLine({ errorRate, totalErrors, errors }: LiveFigures, paint: Paint): string {
  if (totalErrors === 0) return paint('dim', 'none');
  const now = percent(errorRate);
  const kinds = errors.slice(0, errorsShown).map((kind) => errorText(kind, paint));
  if (errors.length > errorsShown) kinds.push(paint('dim', `+ ${errors.length - errorsShown} kinds`));
  const share = errorRate === null || errorRate === 0 ? now : paint('red', now);
  return [share.padEnd(share.length + 6 - now.length), paint('dim', `${totalErrors} in all`), ...kinds].join(
    '  ',
  );
}

function errorText({ error, count, isRecent }: ErrorFigure, paint: Paint): string {
  return isRecent ? `${paint('red', error)} ${count}` : paint('dim', `${error} ${count}`);
}

function faultLines(faults: readonly FaultInForce[], runMs: number, paint: Paint): string[] {
  if (faults.length === 0) return [paint('dim', 'none')];
  const width = Math.max(...faults.map(({ node }) => node.length));
  const lines = faults.slice(0, faultsShown).map(({ node, participle, sinceMs, isEnding }) => {
    const age = `for ${clock(Math.max(runMs - sinceMs, 0))}`;
    return `${node.padEnd(width)}  ${paint('red', participle)} ${age}${isEnding ? paint('dim', ', being undone') : ''}`;
  });
  if (faults.length > faultsShown) lines.push(paint('dim', `+ ${faults.length - faultsShown} more`));
  return lines;
}
