import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planCgroup } from '../control/process/own-cgroup.ts';

/**
 * What a test needs from the machine. `describe.skipIf(!needs('docker'))` skips it where that is missing;
 * with ORCH_REQUIRE=docker,redis (as CI sets it) a missing one is an error, never a skip.
 */
export function needs(what: keyof typeof probes): boolean {
  const found = probes[what]();
  if (!found && (process.env['ORCH_REQUIRE'] ?? '').split(',').includes(what)) {
    throw new Error(`ORCH_REQUIRE names ${what}, but this machine does not have it`);
  }
  return found;
}

const probes = {
  docker: () => succeeds('docker', ['version', '--format', '{{.Server.Version}}']),
  compose: () => succeeds('docker', ['compose', 'version']),
  redis: () => succeeds('redis-server', ['--version']),
  toxiproxy: () => succeeds('toxiproxy-server', ['-version']),
  prometheus: () => succeeds('prometheus', ['--version']) && succeeds('promtool', ['--version']),
  chromium: () => succeeds('chromium', ['--version']),
  jq: () => succeeds('jq', ['--version']),
  root: () => process.getuid?.() === 0,
  /** Linux, whose /proc says what a process holds. */
  proc: () => existsSync('/proc/net/unix'),
  /** The engine's machine is this one, whose network namespaces may be entered and filtered. */
  nsenter: () =>
    probes.root() &&
    probes.docker() &&
    succeeds('unshare', ['--net', 'sh', '-c', 'tc qdisc show && iptables-save']),
  /** The image of the helper container, as .ci/base-images.sh makes it. */
  netImage: () => succeeds('docker', ['image', 'inspect', 'orch-net:local']),
  /** Cgroups of our own can be made that limit processors and memory. */
  cgroups: () => {
    try {
      for (const controller of ['cpu', 'memory'] as const) planCgroup(process.pid, controller, 'probe');
      return true;
    } catch {
      return false;
    }
  },
  /** What it takes to start a second Docker Engine beside the machine's. */
  dockerd: () => probes.root() && succeeds('dockerd', ['--version']) && succeeds('ip', ['-Version']),
} as const;

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** Whether a file system can be mounted: root within a container often may not. */
export function canMount(): boolean {
  if (!needs('root')) return false;
  const place = mkdtempSync(join(tmpdir(), 'orch-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(place);
  }
}
