import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** What the kernel says of processes, sockets and ports. Linux only, as are the processes that are looked for. */

export interface Found {
  readonly pid: number;
  readonly command: string;
}

/** The processes that stand in a directory or name it: of one run, its coordinator, its guardian and its nodes. */
export function processesAt(directory: string): readonly Found[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    const command = commandOf(pid);
    const standsThere = linkOf(`/proc/${pid}/cwd`).startsWith(directory);
    return standsThere || command.includes(directory) ? [{ pid, command }] : [];
  });
}

/** The guardian among a coordinator's children. */
export function guardianOf(coordinator: number): number | undefined {
  const children = textOf(`/proc/${coordinator}/task/${coordinator}/children`).trim().split(' ').map(Number);
  return children.find((pid) => commandOf(pid).includes('/guardian.'));
}

/** The names of the locks that a process holds. */
export function locksOf(pid: number): readonly string[] {
  const sockets = socketsOf(pid);
  return locks()
    .filter(({ inode }) => sockets.has(inode))
    .map(({ name }) => name);
}

/** The ports at which a process listens, by IPv4. */
export function portsOf(pid: number): readonly number[] {
  const sockets = socketsOf(pid);
  return listening()
    .filter(({ inode }) => sockets.has(inode))
    .map(({ port }) => port);
}

/** The names of all locks that are held on this machine. */
export function locksHeld(): ReadonlySet<string> {
  return new Set(locks().map(({ name }) => name));
}

/** The ports at which anything listens, by IPv4. */
export function portsListening(): ReadonlySet<number> {
  return new Set(listening().map(({ port }) => port));
}

/** Containers come and go meanwhile: a directory that vanishes while it is read has the whole read again. */
function allCgroups(attempts = 10): readonly string[] {
  try {
    return readdirSync('/sys/fs/cgroup', { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if (attempts === 1) throw error;
    return allCgroups(attempts - 1);
  }
}

/** The cgroups of that mark, of whatever hierarchy, and the processes. */
export function markedBy(mark: string): readonly string[] {
  const processes = namesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && commandOf(Number(name)).includes(mark))
    .map((pid) => `process ${pid} ${commandOf(Number(pid))}`);
  const cgroups = allCgroups()
    .filter((path) => basename(path).includes(mark))
    .map((path) => `cgroup ${path}`);
  return [...processes, ...cgroups];
}

function socketsOf(pid: number): ReadonlySet<string | undefined> {
  return new Set(
    namesIn(`/proc/${pid}/fd`).map((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]),
  );
}

function listening(): readonly { inode: string | undefined; port: number }[] {
  const lines = textOf('/proc/net/tcp').trim().split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => ({ inode: fields[9], port: Number.parseInt(fields[1]?.split(':')[1] ?? '', 16) }));
}

function locks(): readonly { inode: string | undefined; name: string }[] {
  return textOf('/proc/net/unix')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap((fields) =>
      fields[7]?.startsWith('@orch-lock-') === true ? [{ inode: fields[6], name: fields[7] }] : [],
    );
}

function commandOf(pid: number): string {
  return textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
