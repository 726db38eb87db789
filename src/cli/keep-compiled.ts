import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/** So many installations keep what is theirs; of others, what was kept first is taken away when a new one comes. */
const installationsKept = 3;

export interface Installation {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly packageRoot: string;
  readonly versions: { readonly orch: string; readonly node: string };
}

/**
 * Has Node keep what it compiles of the code that is loaded from here on, below the user's cache directory: a file for each
 * module, some megabytes in all, by which later starts are quicker. Where nothing can be written there, nothing is kept.
 * NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE come first.
 */
export function keepCompiled({ env, packageRoot, versions }: Installation): void {
  const { HOME: home, XDG_CACHE_HOME: caches = home && join(home, '.cache') } = env;
  if (caches === undefined || caches === '' || env['NODE_COMPILE_CACHE'] !== undefined) return;
  const all = join(caches, 'orch', 'compiled');
  const place = packageRoot.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(-80);
  const own = join(all, `${versions.orch}-node-${versions.node}${place}`);
  try {
    if (!existsSync(own)) {
      mkdirSync(all, { recursive: true, mode: 0o700 });
      makeRoom(all);
      mkdirSync(own);
    }
    enableCompileCache(own);
  } catch {
    // It is no more than a convenience: a home that cannot be written is as good as any.
  }
}

function makeRoom(all: string): void {
  const made = readdirSync(all).map((name) => ({ name, atMs: statSync(join(all, name)).mtimeMs }));
  const oldest = made.toSorted((a, b) => b.atMs - a.atMs).slice(installationsKept - 1);
  for (const { name } of oldest) rmSync(join(all, name), { recursive: true, force: true });
}
