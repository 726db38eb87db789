import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { Disturber, Trace } from '../../model/disturber.ts';
import { messageOf } from '../../model/errors.ts';
import { z } from '../../model/zod.ts';
import type { Controller } from '../cgroup.ts';
import { cpusOf, isAbout, limitCpus, limitMemory, memoryOf } from '../cgroup-limits.ts';
import { type EmbeddedNode, embeddedNode, type FindNode, isAlive, unreachableNode } from './embedded-node.ts';
import { disturberOf, refusalFrom, type SpecOf } from '../one-kind.ts';
import {
  makeCgroup,
  moveTo,
  type OwnCgroup,
  ownCgroup,
  planCgroup,
  processesIn,
  removeCgroup,
} from './own-cgroup.ts';
import { bytesOf } from '../tag.ts';

/** `limit` is in processors, or in bytes. */
const prepared = z.strictObject({ node: embeddedNode, own: ownCgroup, limit: z.number() });
type Prepared = z.output<typeof prepared>;

/** Less processors' time, by a cgroup of our own that the process is moved to. */
export function processCpuLimit(find: FindNode): Disturber {
  const prepare = async (node: string, { cpus }: SpecOf<'cpu_limit'>, marker: string) => {
    const own = planCgroup(find(node).pid, 'cpu', marker);
    const all = availableParallelism();
    const now = Math.min(cpusOf({ version: own.version, directory: own.from }) ?? all, all);
    if (cpus >= now) throw new Error(`${node} may use no more than ${now} processors as it is`);
    return { node: find(node), own, limit: cpus };
  };
  return disturberOf({
    means: 'cpu-quota',
    kind: 'cpu_limit',
    prepared,
    refusal: async (node, spec) => obstacle(find(node), 'cpu') ?? refusalFrom(prepare(node, spec, 'plan')),
    prepare,
    apply: (_node, it) => enter(it, (own) => limitCpus(own, it.limit)),
    remove: (_node, { own }) => removeCgroup(own),
    look: async (_node, it) =>
      look(it, (own) => isAbout(cpusOf(own) ?? null, it.limit, 'cpus'), 'processors'),
  });
}

/**
 * Less memory, likewise. What the process holds by then stays with the cgroup that it came from: the kernel moves no
 * memory with a process. Its new one is limited to what is left of the whole, so that it never holds more than was said.
 */
export function processMemoryLimit(find: FindNode): Disturber {
  const prepare = async (node: string, { limit_mb }: SpecOf<'memory_limit'>, marker: string) => {
    const { pid } = find(node);
    const own = planCgroup(pid, 'memory', marker);
    const all = totalmem();
    const now = Math.min(memoryOf({ version: own.version, directory: own.from }) ?? all, all);
    if (bytesOf(limit_mb) >= now) throw new Error(`${node} may use no more than ${inMb(now)} MB as it is`);
    const used = memoryUsed(pid);
    const limit = bytesOf(limit_mb) - used;
    if (limit < leastRoom) {
      throw new Error(
        `${node} uses ${inMb(used)} MB: a limit of ${limit_mb} MB would have the kernel kill it at once`,
      );
    }
    return { node: find(node), own, limit };
  };
  return disturberOf({
    means: 'memory-limit',
    kind: 'memory_limit',
    prepared,
    refusal: async (node, spec) => obstacle(find(node), 'memory') ?? refusalFrom(prepare(node, spec, 'plan')),
    prepare,
    apply: (_node, it) => enter(it, (own) => limitMemory(own, it.limit)),
    remove: (_node, { own }) => removeCgroup(own),
    look: async (_node, it) =>
      look(it, (own) => isAbout(memoryOf(own) ?? null, it.limit, 'bytes'), 'bytes more than before'),
  });
}

function inMb(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

/** Without room for a few pages, the first that is touched is one too many. */
const leastRoom = 1_000_000;

/** Why the process cannot be limited, as a clause; null where it can. */
export function obstacle(node: EmbeddedNode, controller: Controller): string | null {
  const unreachable = unreachableNode(node);
  if (unreachable !== null) return unreachable;
  try {
    planCgroup(node.pid, controller, 'plan');
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** Makes the cgroup with its limit, then moves the process there: never the other way round. */
async function enter({ node, own }: Prepared, limit: (own: OwnCgroup) => void): Promise<void> {
  if (!isAlive(node)) throw new Error(`pid ${node.pid} is gone`);
  makeCgroup(own, node.home);
  limit(own);
  moveTo(own.directory, node.pid);
}

function look({ node, own, limit }: Prepared, isLimited: (own: OwnCgroup) => boolean, unit: string): Trace {
  const { directory } = own;
  if (!existsSync(directory)) return { state: 'absent', evidence: `there is no ${directory}` };
  const isInside = processesIn(directory).includes(node.pid);
  const isWhole = isInside && isLimited(own);
  if (isWhole) return { state: 'present', evidence: `${directory}: pid ${node.pid} has ${limit} ${unit}` };
  const instead = isInside ? 'its limit is another' : `pid ${node.pid} is not in it`;
  return { state: 'partial', evidence: `${directory}: ${instead}` };
}

/** Bytes that the process holds and that the kernel cannot take back. */
function memoryUsed(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return (kib('RssAnon') + kib('RssShmem')) * 1024;
}
