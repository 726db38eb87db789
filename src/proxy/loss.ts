import type { Toxic, ToxicOf } from './toxic.ts';

/** The payload of a full segment on Ethernet: 1500 bytes, less 20 each for the headers of IPv4 and TCP. */
const segmentBytes = 1460;
/** Linux: the least retransmission timeout (TCP_RTO_MIN), which is what a fast network has. */
const firstTimeoutMs = 200;
/** Linux: the longest one (TCP_RTO_MAX). */
const longestTimeoutMs = 120_000;
/** Linux: how often a segment is sent again before the connection is given up (net.ipv4.tcp_retries2). */
const mostRetransmissions = 15;

/**
 * What TCP lets one see of lost packets. Each segment is lost with the probability `share`, either way; it then comes
 * through after a retransmission timeout, which is doubled for each further loss (RFC 6298, 5.5 and 5.7, with Linux’s
 * bounds), and holds up all behind it. One that is lost each time it is sent never comes through.
 */
export function loss({ share }: ToxicOf<'loss'>): Toxic {
  return ({ draws, counters }) => {
    const random = { in: draws('in'), out: draws('out') };
    return {
      segmentBytes,
      delayMs(direction) {
        let delayMs = 0;
        let timeoutMs = firstTimeoutMs;
        let losses = 0;
        while (losses <= mostRetransmissions && random[direction]() < share) {
          delayMs += timeoutMs;
          timeoutMs = Math.min(timeoutMs * 2, longestTimeoutMs);
          losses += 1;
        }
        counters.segments += 1;
        if (losses > 0) counters.segmentsLost += 1;
        return losses > mostRetransmissions ? Number.POSITIVE_INFINITY : delayMs;
      },
    };
  };
}
