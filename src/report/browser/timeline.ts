/// <reference lib="dom" />
import type { Readings } from '../readings.ts';

/** What it takes of Vega, which another script of the page defines. */
interface View {
  width(px: number): View;
  signal(name: string, value: number | null): View;
  run(): View;
  runAsync(): Promise<View>;
}
interface Vega {
  parse(spec: object): object;
  View: new (runtime: object, options: { renderer: 'svg'; container: Element; hover: false }) => View;
}

/** Makes of the picture of the timeline a chart to zoom and to look into: by pointer, wheel, buttons and keys. */
export function liveTimeline(
  vega: Vega,
  fillReading: (place: HTMLElement, second: number, readings: Readings) => void,
): void {
  const find = (id: string) => document.getElementById(id)!;
  const data = (id: string) => JSON.parse(find(id).textContent ?? '');
  const spec = data('chart-spec');
  const readings: Readings = data('chart-readings');
  const plot = find('plot');
  const reading = find('reading');
  const shown = find('shown');
  const tools = find('tools');
  const edges: { readonly left: number; readonly right: number } = spec.padding;
  const endSec: number = spec.signals.find(({ name }: { name: string }) => name === 'x1').value;
  const leastSec = Math.min(2, endSec);
  let [from, to] = [0, endSec];
  let at: number | null = null;

  const picture = plot.getAttribute('aria-label')!;
  plot.replaceChildren();
  plot.setAttribute('role', 'group');
  plot.setAttribute('aria-label', 'Timeline, to be looked into by keys');
  plot.setAttribute('aria-describedby', 'plot-keys');
  plot.tabIndex = 0;
  tools.hidden = false;
  find('plot-keys').hidden = false;
  const view = new vega.View(vega.parse(spec), { renderer: 'svg', container: plot, hover: false });
  const widthPx = () => Math.max(120, plot.clientWidth - edges.left - edges.right);
  const draw = () => void view.runAsync();
  show(0, endSec);
  view.width(widthPx()).run();
  const svg = plot.querySelector('svg')!;
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', picture);
  new ResizeObserver(() => {
    view.width(widthPx());
    draw();
  }).observe(plot);

  /** Zooms and moves: never beyond the run, never into less than can be told apart. */
  function show(first: number, last: number): void {
    const span = Math.min(Math.max(last - first, leastSec), endSec);
    from = Math.min(Math.max(0, first), endSec - span);
    to = from + span;
    view.signal('x0', from).signal('x1', to);
    const text = (sec: number) => sec.toFixed(span < 20 ? 1 : 0);
    const all = `${text(endSec)} s`;
    shown.textContent = span === endSec ? `all ${all}` : `${text(from)}–${text(to)} of ${all}`;
    draw();
  }
  function zoom(factor: number, around = at ?? (from + to) / 2): void {
    const centre = Math.min(Math.max(around, from), to);
    show(centre - (centre - from) * factor, centre + (to - centre) * factor);
  }
  function move(share: number): void {
    show(from + (to - from) * share, to + (to - from) * share);
  }
  function look(sec: number | null): void {
    at = sec === null ? null : Math.min(Math.max(sec, 0), endSec);
    view.signal('at', at);
    draw();
    reading.hidden = at === null;
    if (at === null) return;
    fillReading(reading, Math.floor(at), readings);
    const px = edges.left + ((at - from) / (to - from)) * widthPx();
    const isLeft = px + 14 + reading.offsetWidth < plot.clientWidth;
    const left = isLeft ? px + 14 : px - 14 - reading.offsetWidth;
    reading.style.left = `${Math.min(Math.max(0, left), plot.clientWidth - reading.offsetWidth)}px`;
    reading.style.top = `${plot.offsetTop + 8}px`;
  }
  function step(by: number): void {
    look(Math.floor(at ?? from) + (at === null ? 0 : by) + 0.5);
    if (at !== null && (at < from || at > to)) show(at - (to - from) / 2, at + (to - from) / 2);
  }

  const secondAt = ({ clientX }: MouseEvent) => {
    const px = clientX - plot.getBoundingClientRect().left - edges.left;
    return Math.min(Math.max(from + (px / widthPx()) * (to - from), from), to);
  };
  let grip: { readonly sec: number; readonly px: number } | null = null;
  const release = () => {
    grip = null;
    view.signal('b0', null).signal('b1', null);
    draw();
  };
  plot.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    grip = { sec: secondAt(event), px: event.clientX };
    plot.setPointerCapture(event.pointerId);
  });
  plot.addEventListener('pointermove', (event) => {
    if (grip !== null) view.signal('b0', grip.sec).signal('b1', secondAt(event));
    look(secondAt(event));
  });
  plot.addEventListener('pointerup', (event) => {
    if (grip === null) return;
    const [ends, px] = [[grip.sec, secondAt(event)], Math.abs(event.clientX - grip.px)];
    release();
    if (px > 5) show(Math.min(...ends), Math.max(...ends));
  });
  plot.addEventListener('pointercancel', release);
  plot.addEventListener('pointerleave', () => look(null));
  plot.addEventListener('blur', () => look(null));
  plot.addEventListener(
    'wheel',
    (event) => {
      const isMeant = event.ctrlKey || event.metaKey || document.activeElement === plot;
      // What shows all of the run already lets the page scroll on.
      if (!isMeant || (event.deltaY > 0 && to - from >= endSec)) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, secondAt(event));
    },
    { passive: false },
  );

  const actions: Readonly<Record<string, () => void>> = {
    in: () => zoom(0.5),
    out: () => zoom(2),
    earlier: () => move(-0.5),
    later: () => move(0.5),
    all: () => show(0, endSec),
  };
  tools.addEventListener('click', ({ target }) => {
    if (target instanceof HTMLElement) actions[target.dataset['do'] ?? '']?.();
  });
  const keys: Readonly<Record<string, (far: number) => void>> = {
    ArrowLeft: (far) => step(-far),
    ArrowRight: (far) => step(far),
    PageUp: () => move(-0.5),
    PageDown: () => move(0.5),
    '+': () => zoom(0.5),
    '=': () => zoom(0.5),
    '-': () => zoom(2),
    '0': () => show(0, endSec),
    Escape: () => look(null),
  };
  plot.addEventListener('keydown', (event) => {
    const action = keys[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action(event.shiftKey ? 10 : 1);
  });

  // Paper has all of the run on it.
  let onScreen: readonly [number, number] = [0, endSec];
  addEventListener('beforeprint', () => {
    onScreen = [from, to];
    look(null);
    show(0, endSec);
    view.run();
  });
  addEventListener('afterprint', () => show(...onScreen));
}
