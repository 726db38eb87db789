import type { ToxicSpec } from './toxic.ts';

/** Whose connections to which node: those of the load (`clients`), or of another node by its name. */
export interface LinkId {
  readonly node: string;
  readonly from: string;
}

export interface Upstream {
  readonly host: string;
  readonly port: number;
}

export interface LinkSpec extends LinkId, Upstream {
  /** What is spoken: `http` is HTTP/1 without TLS, which alone can be met by `http_…` faults. */
  readonly protocol: 'http' | 'tcp';
}

/** A link that takes connections on a port of 127.0.0.1. */
export interface OpenLink extends LinkSpec {
  readonly localPort: number;
}

/** A toxic that is in force. */
export interface InForce {
  readonly marker: string;
  readonly spec: ToxicSpec;
}

/** `clients → api-1`: the link’s name, in what is said of it and in the seed of its draws. */
export function linkName({ from, node }: LinkId): string {
  return `${from} → ${node}`;
}
