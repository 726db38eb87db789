/** One comparison: a value of each of a number of paired rounds. */
export interface Comparison {
  /** What was measured, with its unit. */
  readonly what: string;
  readonly peer: string;
  readonly ours: readonly number[];
  /** Of the same rounds; null where the peer is not on this machine. */
  readonly theirs: readonly number[] | null;
  /** Of ours to theirs; none where they only stand side by side. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

/** The figures as a Markdown table: medians, and the ratio of each round as its median, smallest and largest. */
export function ratioTable(comparisons: readonly Comparison[]): string {
  const lines = comparisons.map(({ what, peer, ours, theirs, goal }) => {
    const aim = goalText(goal);
    if (theirs === null) return [what, peer, spread(ours), 'not here', '', aim, ''];
    const ratios = ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
    return [what, peer, spread(ours), spread(theirs), spread(ratios), aim, verdict(median(ratios), goal)];
  });
  return table(['what', 'beside', 'orch', 'peer', 'orch : peer', 'goal', 'met'], lines);
}

export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = head.map(() => '---');
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** `median (smallest–largest)`. */
export function spread(values: readonly number[]): string {
  if (values.length === 0) return 'none';
  return `${figure(median(values))} (${figure(Math.min(...values))}–${figure(Math.max(...values))})`;
}

function figure(value: number): string {
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(decimals);
}

function goalText(goal: Comparison['goal']): string {
  if (goal === undefined) return '';
  return 'atMost' in goal ? `≤ ${goal.atMost.toFixed(2)}` : `≥ ${goal.atLeast.toFixed(2)}`;
}

function verdict(ratio: number, goal: Comparison['goal']): string {
  if (goal === undefined) return '';
  return ('atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast) ? 'yes' : 'no';
}
