import { type Clock, sleep } from '../../clock/clock.ts';
import { messageOf, OrchError } from '../../model/errors.ts';
import type { LeftProxies } from '../../model/manifest.ts';
import { toxiproxyAddress } from './address.ts';
import { ToxiproxyApi } from './api.ts';

/** What the names of all our proxies begin with. */
const ours = 'orch-';
const backoffMs = 500;
const settleMs = 250;

/** `orch-5b1f6a7c-service-node-1`. */
export function proxyName(mark: string, node: string): string {
  return `${ours}${mark}-${node}`;
}

/** What came of it, as `proxy orch-5b1f6a7c-api of the Toxiproxy at 127.0.0.1:8474`. */
export interface RemovedProxies {
  /** Those that were there. */
  readonly removed: readonly string[];
  /** Those that could not be removed, with why. */
  readonly left: readonly string[];
}

export interface RemovingOptions {
  readonly clock: Clock;
  /** How long a server that does not answer is asked again, in milliseconds. */
  readonly patienceMs: number;
  /** How many refusals to take before that. */
  readonly refusals: number;
}

/**
 * Takes proxies away that a run has made, or was about to make, in a Toxiproxy server, and sees that they are gone. At
 * least one try is made. Never rejects.
 */
export async function removeProxies(
  { at, names }: LeftProxies,
  options: RemovingOptions,
): Promise<RemovedProxies> {
  const api = new ToxiproxyApi(toxiproxyAddress(at));
  const removed: string[] = [];
  const left: string[] = [];
  const remove = async (name: string) => {
    const what = `proxy ${name} of the Toxiproxy at ${at}`;
    const error = await tryAgain(options, async () => {
      if (await removeProxy(api, name, options.clock)) removed.push(what);
    });
    if (error !== null) left.push(`${what}: ${messageOf(error)}`);
  };
  // Whatever a run’s directory says: what has no name of ours is not ours.
  await Promise.all(names.filter((name) => name.startsWith(ours)).map(remove));
  return { removed, left };
}

/** Resolves to whether it was there. */
async function removeProxy(api: ToxiproxyApi, name: string, clock: Clock): Promise<boolean> {
  const isThere = async () => (await api.findProxy(name)) !== null;
  if (!(await isThere())) {
    // Whoever made it may have been killed just as it was asked for.
    await sleep(clock, settleMs);
    if (!(await isThere())) return false;
  }
  await api.removeProxy(name);
  if (await isThere()) throw new Error('it is still there');
  return true;
}

/** Resolves to the last error, or null where it was done. */
async function tryAgain(
  { clock, patienceMs, refusals }: RemovingOptions,
  attempt: () => Promise<void>,
): Promise<unknown> {
  const untilMs = clock.now() + patienceMs;
  for (let refused = 0; ; ) {
    try {
      await attempt();
      return null;
    } catch (error) {
      const isSilence = error instanceof OrchError && error.code === 'toxiproxy-unreachable';
      if (!isSilence) refused += 1;
      if (refused >= refusals || clock.now() + backoffMs > untilMs) return error;
      await sleep(clock, backoffMs);
    }
  }
}
