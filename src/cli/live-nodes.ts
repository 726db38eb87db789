import type { NodeFigure } from './live-figures.ts';
import type { Paint } from './style.ts';

/** How a node did in the second that has passed. */
export interface ShownNode {
  readonly name: string;
  /** Undefined where the outcome of no request to it became known. */
  readonly figure: NodeFigure | undefined;
  /** Whether a fault has taken it down, or made it stand still. */
  readonly isTakenDown: boolean;
}

type NodeState = 'ok' | 'failing' | 'down' | 'quiet';

const looks = { ok: 'green', failing: 'yellow', down: 'red', quiet: 'dim' } as const;
const marks = { ok: '●', failing: '●', down: '●', quiet: '○' } as const;
/** Those that are not well first, where there is not room for all. */
const urgency: readonly NodeState[] = ['down', 'failing', 'quiet', 'ok'];

const widest = { good: '12345.6 ok/s', bad: '12345.6 errors/s' };
const linesShown = 8;
const gap = 4;

/** A node to a line, or several where the width allows it; each in its place as long as there is room for all. */
export function nodeLines(nodes: readonly ShownNode[], width: number, paint: Paint): string[] {
  const nameWidth = Math.max(...nodes.map(({ name }) => name.length), 0);
  const cells = shownFirst(nodes, width, nameWidth).map((node) => nodeCell(node, nameWidth, paint));
  const perLine = columnsIn(width, nameWidth);
  const lines = Array.from({ length: Math.ceil(cells.length / perLine) }, (_, line) =>
    cells.slice(line * perLine, (line + 1) * perLine).join(' '.repeat(gap)),
  );
  const left = nodes.length - cells.length;
  if (left > 0) lines.push(paint('dim', `+ ${left} more`));
  return lines;
}

function shownFirst(nodes: readonly ShownNode[], width: number, nameWidth: number): readonly ShownNode[] {
  const room = linesShown * columnsIn(width, nameWidth);
  if (nodes.length <= room) return nodes;
  const ranked = nodes.toSorted((a, b) => urgency.indexOf(stateOf(a)) - urgency.indexOf(stateOf(b)));
  const chosen = new Set(ranked.slice(0, room));
  return nodes.filter((node) => chosen.has(node));
}

function columnsIn(width: number, nameWidth: number): number {
  return Math.max(Math.floor((width + gap) / (cellWidthOf(nameWidth) + gap)), 1);
}

function cellWidthOf(nameWidth: number): number {
  return 2 + nameWidth + `  failing  ${widest.good}  ${widest.bad}`.length;
}

function nodeCell(node: ShownNode, nameWidth: number, paint: Paint): string {
  const { name, figure } = node;
  const state = stateOf(node);
  const look = looks[state];
  const good = figure === undefined ? '' : `${figure.okRps.toFixed(1)} ok/s`;
  const bad = figure === undefined || figure.errorRps === 0 ? '' : `${figure.errorRps.toFixed(1)} errors/s`;
  return [
    `${paint(look, marks[state])} ${name.padEnd(nameWidth)}`,
    paint(look, state.padEnd('failing'.length)),
    good.padStart(widest.good.length),
    paint('red', bad.padStart(widest.bad.length)),
  ].join('  ');
}

/** By what came of requests; a node of which nothing was heard is down where a fault has made it so. */
function stateOf({ figure, isTakenDown }: ShownNode): NodeState {
  if (figure === undefined) return isTakenDown ? 'down' : 'quiet';
  if (figure.errorRps === 0) return 'ok';
  return figure.okRps === 0 ? 'down' : 'failing';
}
