/** Which requests are looked at together: those of some nodes, or all. */
export interface Scope {
  /** By name; null: all. */
  readonly nodes: readonly string[] | null;
}

/** All requests, those of each node where there are several, and those of each set of several nodes that is asked for. */
export function scopesOf(nodes: readonly string[], sets: readonly (readonly string[])[]): Scope[] {
  const several = sets.filter((set) => set.length > 1);
  const distinct = new Map(several.map((set) => [set.toSorted().join('\n'), set]));
  return [
    { nodes: null },
    ...(nodes.length > 1 ? nodes.map((node) => ({ nodes: [node] })) : []),
    ...[...distinct.values()].map((set) => ({ nodes: set.toSorted() })),
  ];
}

/** Whether a node, by its number, is one of these; null: all are. */
export function membership(
  own: readonly string[] | null,
  nodes: readonly string[],
): (node: number) => boolean {
  if (own === null) return () => true;
  const numbers = own.map((name) => nodes.indexOf(name));
  return (node) => numbers.includes(node);
}

/** For each node, by its number: the numbers of the scopes that its requests belong to. */
export function scopesByNode(
  scopes: readonly Scope[],
  nodes: readonly string[],
): readonly (readonly number[])[] {
  return nodes.map((name) =>
    [...scopes.keys()].filter((scope) => scopes[scope]!.nodes?.includes(name) ?? true),
  );
}
