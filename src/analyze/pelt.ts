/**
 * Splits a series where its mean changes: the starts of its segments, the first of which is 0. It minimizes the squares of
 * what is left in all segments together, plus a penalty for each, exactly and mostly in linear time.
 * PELT: R. Killick, P. Fearnhead, I. A. Eckley 2012, "Optimal Detection of Changepoints With a Linear Computational Cost".
 * @param values With noise of variance 1.
 * @param minLength Of a segment.
 */
export function segmentStarts(values: readonly number[], penalty: number, minLength: number): number[] {
  const count = values.length;
  const sums = new Float64Array(count + 1);
  const squares = new Float64Array(count + 1);
  for (const [index, value] of values.entries()) {
    sums[index + 1] = sums[index]! + value;
    squares[index + 1] = squares[index]! + value * value;
  }
  const cost = (from: number, to: number) =>
    squares[to]! - squares[from]! - (sums[to]! - sums[from]!) ** 2 / (to - from);
  /** The least cost of all before an index, and where the last segment before it starts. */
  const best = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY);
  const lastStart = new Uint32Array(count + 1);
  best[0] = -penalty;
  let candidates: number[] = [];
  for (let end = minLength; end <= count; end += 1) {
    const newest = end - minLength;
    if (newest === 0 || newest >= minLength) candidates.push(newest);
    for (const start of candidates) {
      const total = best[start]! + cost(start, end) + penalty;
      if (total >= best[end]!) continue;
      best[end] = total;
      lastStart[end] = start;
    }
    // What is worse by more than a further segment costs will never be the best.
    candidates = candidates.filter((start) => best[start]! + cost(start, end) <= best[end]!);
  }
  const starts: number[] = [];
  for (let end = count; end > 0; end = lastStart[end]!) starts.unshift(lastStart[end]!);
  return starts;
}
