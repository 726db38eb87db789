import type { FaultParameters } from '../model/fault-spec.ts';
import { disturbance } from './disturbance.ts';

/** Faults of the way to a node and back. */

const taking = 'taking that away';

export const partition = disturbance('partition', 'joining it again', ({ from, direction }) => {
  const whom = from === 'clients' ? 'its clients' : from.join(', ');
  return `cut off from ${whom}${direction === 'both' ? '' : ` (what comes ${direction})`}`;
});
export const latency = disturbance('latency', taking, ({ latency_ms, jitter_ms }) => {
  const jitter = jitter_ms === 0 ? '' : ` ± ${jitter_ms} ms`;
  return `slowed by ${latency_ms} ms${jitter}`;
});
export const loss = disturbance('loss', taking, ({ share }) => `losing ${percent(share)} of its packets`);
export const bandwidth = disturbance('bandwidth', taking, ({ rate_kbit }) => `held to ${rate_kbit} kbit/s`);
export const reset = disturbance('reset', taking, ({ share, after_bytes }) => {
  const when = after_bytes === 0 ? '' : ` after ${after_bytes} bytes`;
  return `resetting ${percent(share)} of its connections${when}`;
});
export const blackHole = disturbance(
  'black_hole',
  taking,
  ({ share }) => `silent on ${percent(share)} of its connections`,
);
export const slowClose = disturbance(
  'slow_close',
  taking,
  ({ delay_ms }) => `closing connections ${delay_ms} ms late`,
);
export const dnsFailure = disturbance(
  'dns_failure',
  taking,
  ({ peers }) => `unable to look up ${peers.join(', ')}`,
);

/** Faults of HTTP itself, for a share of the requests. */
export const httpStatus = disturbance(
  'http_status',
  taking,
  (spec) => `answering ${spec.status} to ${requests(spec)}`,
);
export const httpCorrupt = disturbance(
  'http_corrupt',
  taking,
  (spec) => `answering ${requests(spec)} with a corrupted body`,
);
export const httpAbort = disturbance(
  'http_abort',
  taking,
  (spec) => `breaking off its answers to ${requests(spec)}`,
);

function requests({ share, paths }: FaultParameters<'http_abort'>): string {
  return `${percent(share)} of the requests${paths === undefined ? '' : ` for ${paths.join(', ')}`}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}
