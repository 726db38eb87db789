/**
 * What the live chart is drawn with: custom properties of the page's style sheet, so that one picture follows both of its
 * themes, and paper. What is told apart by colour is told apart by its shape, too.
 */
export const ink = {
  answered: 'var(--chart-answered)',
  ok: 'var(--chart-ok)',
  okTint: 'var(--chart-ok-tint)',
  due: 'var(--chart-due)',
  p50: 'var(--chart-p50)',
  p95: 'var(--chart-p95)',
  errors: 'var(--chart-errors)',
  errorsTint: 'var(--chart-errors-tint)',
  fault: 'var(--chart-fault)',
  faultTint: 'var(--chart-fault-tint)',
  anomaly: 'var(--chart-anomaly)',
  anomalyTint: 'var(--chart-anomaly-tint)',
  uncountedTint: 'var(--chart-uncounted)',
  phase: 'var(--chart-phase)',
  paper: 'var(--paper)',
  text: 'var(--text)',
  faint: 'var(--faint)',
  line: 'var(--rule)',
} as const;

/** Room around the panels: names of lanes and numbers of axes stand at the left, those of the time axis below. */
export const padding = { left: 72, right: 14, top: 4, bottom: 42 } as const;

export const fontSize = 11;

/** What stands at the left of a row above the panels; its middle in pixels from the top. */
export interface RowHead {
  readonly name: string;
  readonly middle: number;
}

/** How a mark is encoded, wherever it is drawn. */
export const always = (update: object) => ({ update });
/** A value that follows from signals and the mark's datum. */
export const by = (signal: string) => ({ signal });
/** A place on the time axis. */
export const atTime = (seconds: string) => ({ signal: `scale('x', ${seconds})` });
