import { createHash } from 'node:crypto';

/** What tells one fault's doings in a network namespace from everybody else's. */
export interface Mark {
  /** On each rule: `orch-` and the marker. */
  readonly comment: string;
  /** The chains' names but for their last letter, within the kernel's 28 characters. */
  readonly chain: string;
  /** Of a qdisc, in hexadecimal as `tc` shows it. The kernel itself gives handles from 8000 up, so these are below. */
  readonly handle: string;
  /** Connection marks: of a connection that was chosen, and of one that was let be. */
  readonly chosen: string;
  readonly spared: string;
}

/** The same mark for the same marker, in whatever process. */
export function markOf(marker: string): Mark {
  const digest = createHash('sha256').update(marker).digest();
  const spared = (digest.readUInt32BE(12) & 0xfffffffe) >>> 0 || 2;
  return {
    comment: `orch-${marker}`,
    chain: `orch-${digest.toString('hex', 0, 8)}`,
    handle: (1 + (digest.readUInt16BE(8) % 0x7fff)).toString(16),
    chosen: `0x${(spared + 1).toString(16)}`,
    spared: `0x${spared.toString(16)}`,
  };
}
