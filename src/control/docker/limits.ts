import type { Trace } from '../../model/disturber.ts';
import { z } from '../../model/zod.ts';
import { unreachable } from '../cgroup-limits.ts';
import type { NodeContainers } from './node-containers.ts';
import { shortId } from './engine.ts';
import { kernelLimits } from './kernel.ts';

const names = ['nanoCpus', 'cpuPeriod', 'cpuQuota', 'memory', 'memorySwap'] as const;
const limits = z.partialRecord(z.enum(names), z.number());

/** A change of a container's limits that can be taken back: the same limits before it and with it. */
export const limitChange = z.strictObject({ container: z.string(), before: limits, wanted: limits });
export type LimitChange = z.output<typeof limitChange>;
type Limits = LimitChange['wanted'];

/** Puts the limits back, unless somebody else has set them since. */
export async function takeBackLimits(
  containers: NodeContainers,
  node: string,
  change: LimitChange,
): Promise<void> {
  const { state } = await lookAtLimits(containers, node, change);
  if (state === 'absent' || state === 'foreign') return;
  await containers.engine.update(change.container, settable(change.before));
}

/** By what the engine keeps; and, where this machine shows it, by what its kernel goes by. */
export async function lookAtLimits(
  containers: NodeContainers,
  node: string,
  { container, before, wanted }: LimitChange,
): Promise<Trace> {
  const seen = await containers.inspect(node, container);
  const kernel = kernelLimits(seen);
  const named = names.filter((name) => name in wanted);
  const says = named.map((name) => `${name}=${seen.limits[name]}`);
  const evidence = [`container ${shortId(container)} ${says.join(' ')}`, ...kernel.evidence].join('; ');
  const isBefore = named.map((name) => plain(seen.limits[name]) === plain(before[name] ?? 0));
  const isWanted = named.map((name) => plain(seen.limits[name]) === plain(wanted[name] ?? 0));
  if (named.some((_, index) => !isBefore[index] && !isWanted[index])) return { state: 'foreign', evidence };
  if (!kernel.agrees) return { state: 'partial', evidence };
  if (isBefore.every(Boolean)) return { state: 'absent', evidence };
  return { state: isWanted.every(Boolean) ? 'present' : 'partial', evidence };
}

/** The engine's several words for no limit as the one that a new container has. */
function plain(value: number): number {
  return value < 0 || value >= unreachable ? 0 : value;
}

/**
 * What leads back. To the engine, a limit of 0 is no change, and swap without limit is none either: what had no limit
 * gets one that no machine reaches. Memory gets less of it than both together, so that something is left for swap.
 */
function settable({ cpuQuota, memory, memorySwap, ...others }: Limits): Limits {
  if (cpuQuota !== undefined) return { ...others, cpuQuota: plain(cpuQuota) || -1 };
  if (memory === undefined || memorySwap === undefined) return others;
  return { memory: plain(memory) || unreachable, memorySwap: plain(memorySwap) || 2 * unreachable - 4096 };
}
