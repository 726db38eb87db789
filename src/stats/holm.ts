/**
 * p-values adjusted for being several, in the order given: each may be held against the level of one, and the chance that
 * any is below it by chance stays at that level (Holm 1979, “A Simple Sequentially Rejective Multiple Test Procedure”).
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const byValue = [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = pValues.slice();
  let least = 0;
  for (const [position, index] of byValue.entries()) {
    least = Math.max(least, Math.min(1, (pValues.length - position) * pValues[index]!));
    adjusted[index] = least;
  }
  return adjusted;
}
