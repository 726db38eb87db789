import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where bench/peers.sh puts what it brings. */
const cache = process.env['ORCH_BENCH_CACHE'] ?? join(homedir(), '.cache', 'orch-bench');

/** How a program is started that bench/peers.sh brought, or that is on PATH; null where there is none. */
export function program(name: string): readonly string[] | null {
  const directories = [join(cache, 'bin'), ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  const path = directories.map((directory) => join(directory, name)).find(isExecutable);
  return path === undefined ? null : [path];
}

/** The same of a package from npm: it runs on the Node that this runs on, as orch does. */
export function npmProgram(name: string): readonly string[] | null {
  const path = join(cache, 'npm', 'node_modules', '.bin', name);
  return existsSync(path) ? [process.execPath, path] : null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
