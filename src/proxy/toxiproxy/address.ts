import type { Upstream } from '../link-spec.ts';

/** Where a Toxiproxy server’s HTTP API is. */
export interface ToxiproxyAddress extends Upstream {
  /** As messages, journal and manifest have it: `127.0.0.1:8474`, `[::1]:8474`. */
  readonly text: string;
  /** Whether the server is on this machine. */
  readonly isLocal: boolean;
}

/** @param text As `text` of an address has it, or with `toxiproxy://` before it. */
export function toxiproxyAddress(text: string): ToxiproxyAddress {
  const authority = text.replace(/^toxiproxy:\/\//, '');
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(authority) ?? [];
  return {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port),
    text: authority,
    isLocal: isLoopback(host),
  };
}

/** `127.0.0.1:8001`, `[::1]:8001`. */
export function authorityOf({ host, port }: Upstream): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether a host, as a URL has it, is the machine on which it is looked up. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i.test(host);
}
