/** What the names of all of them begin with. */
export const tagPrefix = 'orch_';

/**
 * What our processes, files and cgroups are known by: the fault's marker between signs that no marker holds, so that
 * none is found in another's place.
 */
export function tagOf(marker: string): string {
  return `${tagPrefix}${marker}.`;
}

/** Matches the tag, and not its own text: grep with this pattern in its command line does not find itself. */
export function tagPattern(marker: string): string {
  return `[o]rch_${marker}[.]`;
}

/** A size in MB as whole bytes. */
export function bytesOf(mb: number): number {
  return Math.floor(mb * 1_000_000);
}
