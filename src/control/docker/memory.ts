/** What the engine says of a container's memory, in bytes; nothing where none runs. */
export interface MemoryFigures {
  readonly usage?: number;
  readonly stats?: object;
}

/** What cannot be taken back: without the cache of files. Cgroup v1 counts a container's children under `total_`. */
export function heldBytes({ usage = 0, stats = {} }: MemoryFigures): number {
  const counts = new Map<string, unknown>(Object.entries(stats));
  const count = (name: string) => Number(counts.get(`total_${name}`) ?? counts.get(name) ?? 0);
  return usage - count('active_file') - count('inactive_file');
}
