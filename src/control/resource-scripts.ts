import { tagOf } from './tag.ts';

/**
 * What is run beside a node, in its container or on this machine, by any POSIX shell. Each ends by itself after a bound,
 * and is known by its tag in the command line of the process that does the work.
 */
export interface Script {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Seconds of processor time, after which the kernel ends a busy loop that nobody ended. */
const busyLimitSec = 3600;

/** A busy loop. With `parents`, it ends as soon as one of these processes has. */
export function busyScript(marker: string, parents: readonly number[] = []): Script {
  // `kill -0` only asks, and as the shell's own it costs no process; between rounds of a few milliseconds it costs nothing.
  const round = 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done';
  const text = `ulimit -t ${busyLimitSec}; while ${['true', ...parents.map((pid) => `kill -0 ${pid}`)].join(' && ')}; do ${round}; done`;
  return { args: ['sh', '-c', text, `${tagOf(marker)}stress`], env: {} };
}

/** What a file is called until all of it is written, or the disk is full. */
export function partOf(path: string): string {
  return `${path}.part`;
}

export function fillName(marker: string): string {
  return `${tagOf(marker)}fill`;
}

/**
 * Writes a file of so many bytes, or fewer where the disk is full by then, and gives it its name when it is done.
 * Only dd has the path, and with it the tag, in its command line: ended by that, it leaves the shell to reap it.
 */
export function fillScript(path: string, bytes: number): Script {
  const text =
    'head -c "$ORCH_BYTES" /dev/zero | dd of="$ORCH_PART" bs=65536; [ $? -lt 128 ] && mv "$ORCH_PART" "$ORCH_FILE"';
  return {
    args: ['sh', '-c', text],
    env: { ORCH_FILE: path, ORCH_PART: partOf(path), ORCH_BYTES: String(bytes) },
  };
}

/** Holds so many bytes of memory for a moment: a dd with a buffer of that size. */
export function hogCommand(bytes: number): string {
  return `dd if=/dev/zero of=/dev/null count=1 bs=${bytes}`;
}
