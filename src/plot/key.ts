import { textWidth } from './text.ts';
import { textAt } from './text-layer.ts';
import { panelWidth } from './timeline.ts';

/**
 * The key of a panel: one line of text above it, right-aligned, so that it covers no data.
 * Vega's own legends would want their scales shared between panels that have nothing in common.
 */

export type Stroke = 'solid' | 'dashed' | 'dotted';

/** Dash patterns as Vega takes them. */
export const dashes: Readonly<Record<Stroke, number[]>> = { solid: [1, 0], dashed: [6, 4], dotted: [2, 3] };

export interface KeyEntry {
  readonly name: string;
  readonly colour: string;
  /** How a line or rule is drawn; `band` for shading. */
  readonly symbol: Stroke | 'band';
}

/** The middle of the line above a panel where its title and key stand, in pixels from the panel's top. */
export const headY = -13;

const fontSize = 11;
const symbolWidth = 20;
const symbolGap = 6;
const entryGap = 18;

/** Layers that draw the key above a panel. */
export function keyLayers(entries: readonly KeyEntry[]) {
  let right = panelWidth;
  return entries.toReversed().flatMap((entry) => {
    const textX = right - textWidth(entry.name, fontSize);
    const symbolX = textX - symbolGap - symbolWidth;
    right = symbolX - entryGap;
    return [symbolLayer(entry, symbolX), textAt(entry.name, textX, headY, { fontSize })];
  });
}

const one = { values: [{}] };

function symbolLayer(entry: KeyEntry, x: number) {
  const across = { x: { value: x }, x2: { value: x + symbolWidth } };
  if (entry.symbol === 'band') {
    const mark = { type: 'rect' as const, color: entry.colour };
    return { data: one, mark, encoding: { ...across, y: { value: headY - 6 }, y2: { value: headY + 6 } } };
  }
  const mark = {
    type: 'rule' as const,
    color: entry.colour,
    strokeWidth: 2,
    strokeDash: dashes[entry.symbol],
  };
  return { data: one, mark, encoding: { ...across, y: { value: headY } } };
}
