/**
 * Parts the two streams of a container's log: frames of a byte that names the stream (1 stdout, 2 stderr), three empty
 * ones, the length in four, big-endian, and the bytes themselves. (Docker Engine API, "Attach to a container".)
 */
export function demultiplexed(log: Buffer): { readonly stdout: string; readonly stderr: string } {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  for (let at = 0; at + 8 <= log.length; ) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    parts[log[at] === 2 ? 'stderr' : 'stdout'].push(log.subarray(at + 8, end));
    at = end;
  }
  return {
    stdout: Buffer.concat(parts.stdout).toString('utf8'),
    stderr: Buffer.concat(parts.stderr).toString('utf8'),
  };
}
