import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './measured.ts';

/** orch as users have it: built, on this very Node. */
export const orch: readonly string[] = [process.execPath, join(import.meta.dirname, '..', 'dist', 'main.js')];

export interface OrchLoad {
  readonly mode: 'http' | 'redis';
  readonly url: string;
  /** Null for a closed model: each of the users sends its next request when it has the answer to the one before. */
  readonly rps: number | null;
  /** Requests in flight at most; over HTTP there are no more connections than that. */
  readonly users: number;
  readonly sec: number;
  /** Further keys of config.yaml. */
  readonly workload: Readonly<Record<string, unknown>>;
  readonly dir: string;
}

/** A run of one phase of steady load. Its directory is `runs/bench` in the one that is given. */
export function orchRun({ mode, url, rps, users, sec, workload, dir }: OrchLoad): Command {
  const start = { type: 'start_load', target: 'all_nodes', ...(rps === null ? { vus: users } : { rps }) };
  const scenario = { name: 'bench', phases: [{ name: 'load', duration_sec: sec, actions: [start] }] };
  const config = { [`${mode}_nodes`]: [url], load: { max_in_flight: users }, ...workload };
  // JSON is YAML.
  writeFileSync(join(dir, 'scenario.yaml'), JSON.stringify(scenario));
  writeFileSync(join(dir, 'config.yaml'), JSON.stringify(config));
  const files = ['--scenario', join(dir, 'scenario.yaml'), '--config', join(dir, 'config.yaml')];
  const place = ['--runs', join(dir, 'runs'), '--run-id', 'bench', '--mode', mode, '--driver', 'process'];
  // 2 says that it could not keep up: then its figures say so too.
  return { words: [...orch, 'run', ...files, ...place, '--seed', '1'], exits: [0, 2] };
}
