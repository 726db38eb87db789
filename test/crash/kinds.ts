import type { DriverName } from '../../src/control/driver.ts';
import type { DisturbanceKind, FaultKind } from '../../src/model/fault-spec.ts';
import type { Mode } from '../../src/model/node.ts';

/** The kinds that a power of the driver does. */
export const stateKinds = ['kill', 'stop', 'pause', 'restart'] as const satisfies readonly FaultKind[];

interface Disturbing {
  /** As an action of a scenario has them. */
  readonly parameters: string;
  /** By what containers are disturbed; where the kernel has no netem. */
  readonly docker: string;
  /** By what embedded nodes are; null where they cannot be. */
  readonly process: string | null;
}

/** The kinds that need a means of their own, each so mild that load goes on beside it. */
export const disturbing: Readonly<Record<DisturbanceKind, Disturbing>> = {
  black_hole: { parameters: 'share: 0.5', docker: 'iptables', process: 'proxy' },
  partition: { parameters: 'direction: both', docker: 'iptables', process: 'proxy' },
  loss: { parameters: 'share: 0.3', docker: 'iptables', process: 'proxy' },
  reset: { parameters: 'share: 0.5', docker: 'iptables', process: 'proxy' },
  dns_failure: { parameters: 'peers: [db.internal]', docker: 'iptables', process: null },
  bandwidth: { parameters: 'rate_kbit: 1000', docker: 'tbf', process: 'proxy' },
  latency: { parameters: 'latency_ms: 50, jitter_ms: 20', docker: 'proxy', process: 'proxy' },
  slow_close: { parameters: 'delay_ms: 100', docker: 'proxy', process: 'proxy' },
  http_status: { parameters: 'share: 0.5', docker: 'proxy', process: 'proxy' },
  http_corrupt: { parameters: 'share: 0.5', docker: 'proxy', process: 'proxy' },
  http_abort: { parameters: 'share: 0.5', docker: 'proxy', process: 'proxy' },
  cpu_limit: { parameters: 'cpus: 0.3', docker: 'cpu-quota', process: 'cpu-quota' },
  cpu_stress: { parameters: 'workers: 2', docker: 'busy-loops', process: 'busy-loops' },
  memory_limit: { parameters: 'limit_mb: 400', docker: 'memory-limit', process: 'memory-limit' },
  disk_fill: { parameters: 'size_mb: 20', docker: 'file', process: 'file' },
  oom_kill: { parameters: '', docker: 'oom-killer', process: 'oom-killer' },
};

export const disturbingKinds = Object.keys(disturbing).filter(isDisturbingKind);
export type CrashKind = (typeof stateKinds)[number] | DisturbanceKind;

export function isDisturbingKind(kind: string): kind is DisturbanceKind {
  return Object.hasOwn(disturbing, kind);
}

/** By what a kind is done to nodes of that driver: null by a power of its own. */
export function meansOf(driver: DriverName, kind: CrashKind): string | null {
  return isDisturbingKind(kind) ? disturbing[kind][driver] : null;
}

/** Which nodes a kind can be for; undefined for both. */
export function onlyMode(kind: CrashKind): Mode | undefined {
  return kind.startsWith('http_') ? 'http' : undefined;
}
