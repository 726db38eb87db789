import type { GateReport } from './judge.ts';
import { shown } from './shown.ts';
import type { GateVerdict } from './verdict.ts';

/** What every account of a report says in the same words. */

/** `2 gates passed, 1 failed` */
export function headline({ gates, status, doubts }: GateReport): string {
  const count = (of: GateVerdict['status']) => gates.filter((gate) => gate.status === of).length;
  const parts = (['passed', 'failed', 'inconclusive'] as const)
    .map((of) => ({ of, times: count(of) }))
    .filter(({ times }) => times > 0)
    .map(({ of, times }, index) =>
      index === 0 ? `${times} gate${times === 1 ? '' : 's'} ${of}` : `${times} ${of}`,
    );
  if (parts.length > 0) return parts.join(', ');
  return doubts.length > 0 ? 'nothing can be concluded' : `no gates; the run ${status}`;
}

export function titleOf({ name, gate }: GateVerdict): string {
  return name ?? gate;
}

/** What was measured: `at least 7 s`, `3.849 s ± 0.12 s`. */
export function measuredText({ measured, unit, at_least: isAtLeast, uncertainty }: GateVerdict): string {
  if (measured === null) return '–';
  const off = uncertainty === null ? '' : ` ± ${shown(uncertainty, unit)}`;
  return `${isAtLeast ? 'at least ' : ''}${shown(measured, unit)}${off}`;
}

/** How far from the limit, with its sign: `+3.2 ms (+12.8%)`. */
export function marginText({ margin, margin_pct: percent, unit }: GateVerdict): string {
  if (margin === null) return '–';
  const relative = percent === null ? '' : ` (${signed(shown(percent, 'percent'))})`;
  return `${signed(shown(margin, unit))}${relative}`;
}

/** A gate in one sentence: `p(99) < 250: 310 ms, of 1,200 requests`. */
export function sentenceOf(verdict: GateVerdict): string {
  const found = verdict.measured === null ? '' : `${measuredText(verdict)}, `;
  const about = verdict.fault === null || verdict.why.includes(verdict.fault) ? '' : `${verdict.fault}: `;
  const called = verdict.name === null ? '' : `${verdict.name} (`;
  return `${called}${verdict.gate}${called === '' ? '' : ')'}: ${about}${found}${verdict.why}`;
}

/** `file:line:column` in its parts. */
export function placeOf(place: string | null): {
  readonly file: string | null;
  readonly line: string | null;
} {
  const [, file = null, line = null] = /^(.*):(\d+):\d+$/.exec(place ?? '') ?? [];
  return { file, line };
}

function signed(text: string): string {
  return text.startsWith('−') ? text : `+${text}`;
}
