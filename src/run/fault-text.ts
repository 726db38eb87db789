import type { FaultSpec } from '../model/fault-spec.ts';

/** A fault with what it was told, in the field's words: `latency 100 ms ± 50 ms`. What is as by default is left out. */
export function faultText(spec: FaultSpec): string {
  const told = toldOf(spec).filter((part) => part !== '');
  return [spec.kind, ...told].join(' ');
}

function toldOf(spec: FaultSpec): readonly string[] {
  switch (spec.kind) {
    case 'kill':
      return [spec.how === undefined ? '' : `by ${spec.how}`];
    case 'stop':
    case 'restart':
      return [spec.grace_sec === 10 ? '' : `with a grace of ${spec.grace_sec} s`];
    case 'partition':
      return [
        spec.from === 'clients' ? '' : `from ${spec.from.join(', ')}`,
        spec.direction === 'both' ? '' : `(what comes ${spec.direction})`,
      ];
    case 'latency':
      return [`${spec.latency_ms} ms`, spec.jitter_ms === 0 ? '' : `± ${spec.jitter_ms} ms`];
    case 'loss':
      return [`${percent(spec.share)} of packets`];
    case 'bandwidth':
      return [`${spec.rate_kbit} kbit/s`];
    case 'reset':
      return [shareOf(spec, 'connections'), spec.after_bytes === 0 ? '' : `after ${spec.after_bytes} bytes`];
    case 'black_hole':
      return [shareOf(spec, 'connections')];
    case 'slow_close':
      return [`${spec.delay_ms} ms`];
    case 'http_status':
      return [`${spec.status}`, requestsOf(spec)];
    case 'http_corrupt':
    case 'http_abort':
      return [requestsOf(spec)];
    case 'cpu_limit':
      return [`to ${spec.cpus} cpus`];
    case 'cpu_stress':
      return [spec.workers === 1 ? '' : `with ${spec.workers} workers`];
    case 'memory_limit':
      return [`to ${spec.limit_mb} MB`];
    case 'disk_fill':
      return [`${spec.size_mb} MB`, spec.directory === '/tmp' ? '' : `in ${spec.directory}`];
    case 'dns_failure':
      return [`for ${spec.peers.join(', ')}`];
    case 'pause':
    case 'oom_kill':
      return [];
  }
}

function requestsOf(spec: {
  readonly share: number;
  readonly paths?: readonly string[] | undefined;
}): string {
  const share = shareOf(spec, 'requests');
  const where = spec.paths === undefined ? '' : `for ${spec.paths.join(', ')}`;
  return [share, where].filter((part) => part !== '').join(' ');
}

function shareOf({ share }: { readonly share: number }, of: string): string {
  return share === 1 ? '' : `to ${percent(share)} of ${of}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}
