/** One point of a stepped line over time; null is a gap. */
export interface Point {
  readonly x: number;
  readonly y: number | null;
}

/**
 * A line that holds each second's value from its beginning to its end. A second without a value is a gap, not a zero,
 * and a second between two gaps is still seen.
 */
export function steps<Row extends { readonly sec: number }>(
  rows: readonly Row[],
  valueOf: (row: Row) => number | null,
): Point[] {
  return rows.flatMap((row, index) => {
    const y = valueOf(row);
    const start = { x: row.sec, y };
    const next = rows[index + 1];
    const goesOn = next !== undefined && next.sec === row.sec + 1 && valueOf(next) !== null;
    if (y === null || goesOn) return [start];
    return [start, { x: row.sec + 1, y }, { x: row.sec + 1, y: null }];
  });
}

/** The highest value of all lines, at least `least`. */
export function highest(lines: readonly (readonly Point[])[], least: number): number {
  return lines.flat().reduce((top, point) => Math.max(top, point.y ?? least), least);
}

/**
 * A line with the first, lowest, highest and last point of each column and its gaps: drawn at one column a pixel it looks
 * the same as with all its points, however many these were.
 * @see Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014
 */
export function thinned(line: readonly Point[], columnSec: number): readonly Point[] {
  const columns = Map.groupBy(line, (point) => Math.floor(point.x / columnSec));
  return [...columns.values()].flatMap((column) => {
    if (column.length <= 4) return column;
    const kept = new Set<Point | undefined>([
      column[0],
      column.find((point) => point.y === null),
      column.at(-1),
    ]);
    const measured = column.filter((point) => point.y !== null);
    kept.add(extreme(measured, 1)).add(extreme(measured, -1));
    return column.filter((point) => kept.has(point));
  });
}

function extreme(points: readonly Point[], sign: 1 | -1): Point | undefined {
  const height = (point: Point) => sign * (point.y ?? 0);
  return points.reduce<Point | undefined>(
    (best, point) => (best === undefined || height(point) > height(best) ? point : best),
    undefined,
  );
}
