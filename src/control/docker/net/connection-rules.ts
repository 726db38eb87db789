import type { FaultParameters } from '../../../model/fault-spec.ts';
import type { Mark } from './mark.ts';

/** The bodies of rules, by where a packet is met. */
export interface Bodies {
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/** Loopback is not the network: health checks and Docker's own DNS server go by it. */
export const notLoopback = { input: '-i lo -j RETURN', output: '-o lo -j RETURN' } as const;

/** Each packet or connection is drawn by itself, by the kernel's own dice. */
function chance(share: number): string {
  return `-m statistic --mode random --probability ${share.toFixed(9)}`;
}

/**
 * A share of what comes to the node. What leaves it is spared: a packet that is dropped on its way out is told to the
 * sender as an error, which no lossy network does.
 */
export function lossBodies({ share }: FaultParameters<'loss'>): Bodies {
  return { input: [notLoopback.input, `${chance(share)} -j DROP`], output: [] };
}

const reset = '-j REJECT --reject-with tcp-reset';

/**
 * A share of the connections that others make to the node is answered by a reset: at once, or once the node has sent so
 * many bytes, the headers of its packets counted in. Bytes are counted of connections that begin while the rules are in
 * force. The client's resets pass, so that the node hears of the connection's end.
 */
export function resetBodies({ share, after_bytes: bytes }: FaultParameters<'reset'>, mark: Mark): Bodies {
  const drawn = `-p tcp --syn ${chance(share)}`;
  if (bytes === 0) return { input: [notLoopback.input, `${drawn} ${reset}`], output: [] };
  const sent = `-m connbytes --connbytes ${bytes}: --connbytes-dir reply --connbytes-mode bytes`;
  return {
    input: [
      notLoopback.input,
      `${drawn} -j CONNMARK --set-xmark ${mark.chosen}/0xffffffff`,
      `-p tcp --tcp-flags RST NONE -m connmark --mark ${mark.chosen} ${sent} ${reset}`,
    ],
    output: [],
  };
}

/**
 * A share of the node's TCP connections, whoever made them, goes silent both ways. Each is drawn once, when its first
 * packet is met: those that are there already, too. That packet passes, as the kernel forgets a connection, and what
 * was drawn for it, whose first packet is dropped.
 */
export function blackHoleBodies({ share }: FaultParameters<'black_hole'>, mark: Mark): Bodies {
  const chosen = `-m connmark --mark ${mark.chosen}`;
  const rules = [
    '! -p tcp -j RETURN',
    `${chosen} -j DROP`,
    `-m connmark --mark ${mark.spared} -j RETURN`,
    `${chance(share)} -j CONNMARK --set-xmark ${mark.chosen}/0xffffffff`,
    `${chosen} -m conntrack ! --ctstate NEW -j DROP`,
    `${chosen} -j RETURN`,
    `-j CONNMARK --set-xmark ${mark.spared}/0xffffffff`,
  ];
  const all = ['-p tcp -j DROP'];
  const bodies = share === 1 ? all : rules;
  return { input: [notLoopback.input, ...bodies], output: [notLoopback.output, ...bodies] };
}
