import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The part of `docker inspect` that a run must leave as it was. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Status: string; readonly Pid: number };
  readonly Config: object;
  readonly HostConfig: Readonly<Record<string, unknown>>;
  readonly Mounts: object;
}

/** What a container is like, each part in words, so that two looks can be compared. */
export type Likeness = Readonly<Record<string, string>>;

/** Files that hold a limit, in either version of cgroups, as they are called in the container. */
const limitFiles = [
  'cpu/cpu.cfs_quota_us',
  'cpu/cpu.cfs_period_us',
  'memory/memory.limit_in_bytes',
  'memory/memory.memsw.limit_in_bytes',
  'cpu.max',
  'memory.max',
  'memory.swap.max',
];

/**
 * Looks at everything that a fault may be put into or beside a container, with nothing of orch's own.
 * @param added The paths that its file system has beyond its image's.
 */
export async function likenessOf(container: Inspected, added: readonly string[]): Promise<Likeness> {
  const { Id, Config, HostConfig, Mounts, State } = container;
  const place = `/proc/${State.Pid}`;
  const [rules, rules6, qdiscs] = await Promise.all(
    [['iptables-save'], ['ip6tables-save'], ['tc', 'qdisc', 'show']].map((command) =>
      inNetworkOf(State.Pid, command),
    ),
  );
  return {
    settings: JSON.stringify({ Id, Config, HostConfig: withoutNoLimits(HostConfig), Mounts }),
    limits: limitFiles
      .map((name) => `${name}=${plain(read(`${place}/root/sys/fs/cgroup/${name}`))}`)
      .join(' '),
    score: read(`${place}/oom_score_adj`),
    processes: processesIn(Id).join('; '),
    files: added.join(' '),
    rules: [...rulesIn(rules ?? ''), ...rulesIn(rules6 ?? '')].join('; '),
    qdiscs: qdiscs ?? '',
  };
}

/** What is otherwise than it was, in words. */
export function differences(before: Likeness, now: Likeness): readonly string[] {
  return Object.entries(now).flatMap(([part, said]) =>
    said === before[part] ? [] : [`its ${part} were ${before[part] || 'none'}, and are ${said || 'none'}`],
  );
}

/** The engine cannot be told to take a limit away again: it keeps −1, or one that no machine reaches. */
function withoutNoLimits(hostConfig: Inspected['HostConfig']): object {
  const { CpuQuota, Memory, MemorySwap, ...others } = hostConfig;
  return { ...others, limits: [CpuQuota, Memory, MemorySwap].map(plain) };
}

function plain(limit: unknown): string {
  return Number(limit) < 0 || Number(limit) >= 2 ** 62 ? '0' : String(limit);
}

/** The command lines of the processes in a container's cgroups, by the kernel: zombies too, which have none. */
function processesIn(id: string): readonly string[] {
  const inside = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && read(`/proc/${pid}/cgroup`).includes(id),
  );
  return inside
    .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') || read(`/proc/${pid}/comm`))
    .sort();
}

async function inNetworkOf(pid: number, command: readonly string[]): Promise<string> {
  if (pid === 0) return '';
  return (await execute('nsenter', ['--target', String(pid), '--net', ...command])).stdout.trim();
}

/** Chains of somebody's own and rules, without counters: the tables themselves stay once there was a rule in them. */
function rulesIn(saved: string): readonly string[] {
  const lines = saved.split('\n').map((line) => line.replace(/ ?\[\d+:\d+\]/, ''));
  return lines.filter((line) => line.startsWith('-A') || (line.startsWith(':') && line.endsWith(' -')));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
