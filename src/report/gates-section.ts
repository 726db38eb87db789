import { headline, marginText, measuredText, titleOf } from '../gate/lines.ts';
import type { GateVerdict } from '../gate/verdict.ts';
import type { RunCheck } from '../gate/checks.ts';
import type { ReportFacts } from './facts.ts';
import { html } from './markup.ts';
import { badge, note, type Section } from './section.ts';
import { type Column, table } from './table.ts';

/** What the run had to come to: its gates, and of faults, undos and the steady state what is not as it is to be. */
export function gatesSection({ gates: report }: ReportFacts): Section | null {
  const { gates, checks } = report;
  const odd = checks.filter(({ status }) => status === 'failed' || status === 'inconclusive');
  if (gates.length + odd.length === 0) return null;
  return {
    id: 'gates',
    title: gates.length === 0 ? 'What is not as it is to be' : 'Gates',
    menu: gates.length === 0 ? 'Checks' : 'Gates',
    body: [
      gates.length > 0 && [
        html`<p>${headline(report)}.</p>`,
        table('Gate by gate', columnsFor(gates), gates, ({ status }) => status),
        note('The margin is how far the value is inside of its limit; a negative one is beyond it.'),
      ],
      odd.length > 0 &&
        table('Faults, undos and the steady state', checkColumns, odd, ({ status }) => status),
    ],
  };
}

const gateColumns: readonly Column<GateVerdict>[] = [
  {
    head: 'gate',
    cell: (gate) => [titleOf(gate), gate.name !== null && html`<br><code>${gate.gate}</code>`],
    isProse: true,
  },
  { head: 'state', cell: ({ status }) => badge(status, status) },
  { head: 'measured', cell: measuredText, isNumber: true },
  { head: 'margin', cell: marginText, isNumber: true },
  {
    head: 'why',
    cell: ({ fault, why }) => (fault === null || why.includes(fault) ? why : `${fault}: ${why}`),
    isProse: true,
  },
];

/** Where a gate stands is told where any of them stands in a file. */
function columnsFor(gates: readonly GateVerdict[]): readonly Column<GateVerdict>[] {
  if (gates.every(({ place }) => place === null)) return gateColumns;
  return [...gateColumns, { head: 'where it stands', cell: ({ place }) => place ?? '–', isProse: true }];
}

const checkColumns: readonly Column<RunCheck>[] = [
  { head: 'check', cell: ({ name }) => name, isProse: true },
  { head: 'state', cell: ({ status }) => badge(status, status) },
  { head: 'why', cell: ({ why }) => why, isProse: true },
];
