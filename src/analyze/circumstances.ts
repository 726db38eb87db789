import type { Config } from '../model/config.ts';
import type { Manifest } from '../model/manifest.ts';

/** What two runs must have in common for their figures to be held against each other: what each thing is called, and is. */
export type Circumstances = ReadonlyMap<string, string>;

/** Longer ones say nothing to people. */
const longestShown = 40;

/** @param manifest Null for a run of another origin, of which nothing is known. */
export function circumstancesOf(manifest: Manifest | null): Circumstances {
  if (manifest === null) return new Map([['manifest', 'none']]);
  const { scenario, mode, series, driver, nodes } = manifest;
  // Of an older or newer run, the config may be another one.
  const config: Partial<Config> = manifest.config;
  const { max_in_flight: inFlight, timeout_sec: timeoutSec, spread } = config.load ?? {};
  const hashes = [scenario, ...(scenario.includes ?? [])].map(({ sha256 }) => sha256.slice(0, 12));
  const loaded = nodes.filter(({ kind }) => kind === mode).map(({ name }) => name);
  return new Map([
    ['manifest', 'there'],
    ['scenario', scenario.name],
    ['text of the scenario', `sha256 ${hashes.join(' ')}`],
    ['variables', JSON.stringify(scenario.variables ?? {})],
    ['faults', series?.faults_left_out === true ? 'left out' : 'as in the scenario'],
    ['mode', mode],
    ['driver', driver.name],
    ['nodes', loaded.join(' ')],
    ['load.max_in_flight', String(inFlight)],
    ['load.timeout_sec', String(timeoutSec)],
    ['load.spread', String(spread)],
    ['workload', JSON.stringify([config[`${mode}_workload`], config.workloads])],
  ]);
}

export function areAlike(first: Circumstances, other: Circumstances): boolean {
  return differences(first, other).length === 0;
}

/** By what the other's differ from the first ones, as clauses: `mode: redis, not http`. */
export function differences(first: Circumstances, other: Circumstances): readonly string[] {
  const names = [...first.keys()].filter((name) => other.has(name) && first.get(name) !== other.get(name));
  return names.map((name) => {
    const [is = '', was = ''] = [other.get(name), first.get(name)];
    const isShort = Math.max(is.length, was.length) <= longestShown;
    return isShort ? `${name}: ${is}, not ${was}` : `another ${name}`;
  });
}
