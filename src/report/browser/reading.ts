/// <reference lib="dom" />
import type { Readings } from '../readings.ts';

/** Tells a second's figures, and what went on in it. All of it is set as text, never as markup. */
export function fillReading(place: HTMLElement, second: number, { rows, isWhole, spans }: Readings): void {
  const list = document.createElement('dl');
  const line = (name: string, value: string) => {
    const [term, detail] = [document.createElement('dt'), document.createElement('dd')];
    term.textContent = name;
    detail.textContent = value;
    list.append(term, detail);
  };
  const going = spans.filter(({ start, end }) => start < second + 1 && second < end);
  const phases = going.filter(({ kind }) => kind === 'phase').map(({ name }) => name);
  const head = document.createElement('p');
  head.textContent = [`Second ${second}`, ...phases].join(', ');
  // Rows may have gaps: no second is told another's figures.
  const row = rows.find(([sec]) => sec === second);
  if (row === undefined) line('requests', isWhole ? 'none was due' : 'see analysis.json');
  else {
    const [, due, ok, fail, unknown, dropped, p50, p95] = row;
    line('due', `${due}`);
    line('ok', `${ok}`);
    line('failed', `${fail}`);
    if (unknown > 0) line('no answer', `${unknown}`);
    if (dropped > 0) line('not sent', `${dropped}`);
    if (due !== 0) line('error rate', `${Number(((100 * (due - ok)) / due).toFixed(2))}%`);
    line('p50', p50 === null ? '–' : `${p50} ms`);
    line('p95', p95 === null ? '–' : `${p95} ms`);
  }
  for (const { kind, name } of going) if (kind !== 'phase') line(kind, name);
  place.replaceChildren(head, list);
}
