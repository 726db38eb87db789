import { isMapping } from '../config/explain.ts';
import { interpolated, type LookUp } from './interpolate.ts';
import { scalarText } from './scalar-text.ts';

/** A port of a service that this machine can reach. */
export interface PublishedPort {
  /** As it stands in a URL: `127.0.0.1:8001`, `[::1]:8001`. */
  readonly address: string;
  /** The port in the container. */
  readonly target: number;
}

/** An entry of a service's `ports`, in its short form or its long one; or why it is of no use, as a clause. */
export function publishedPort(entry: unknown, lookUp: LookUp): PublishedPort | string {
  if (isMapping(entry)) return longForm(entry, lookUp);
  const written = scalarText(entry);
  const text = interpolated(written, lookUp);
  if (text === null) return `the port \`${written}\` has a variable without a value`;
  const [ports = '', protocol = 'tcp'] = text.split('/');
  const [, host = '', published, target] = /^(?:(.*):)?([\d-]*):([\d-]+)$/.exec(ports) ?? [];
  return portOf({ host, published: published ?? '', target: target ?? ports, protocol }, text);
}

function longForm(entry: Readonly<Record<string, unknown>>, lookUp: LookUp): PublishedPort | string {
  const said = (key: string, otherwise: string) => interpolated(scalarText(entry[key] ?? otherwise), lookUp);
  const [host, published, target, protocol] = [
    said('host_ip', ''),
    said('published', ''),
    said('target', ''),
    said('protocol', 'tcp'),
  ];
  if (host === null || published === null || target === null || protocol === null)
    return 'a port has a variable without a value';
  return portOf({ host, published, target, protocol }, `${published}:${target}`);
}

interface Said {
  readonly host: string;
  readonly published: string;
  readonly target: string;
  readonly protocol: string;
}

function portOf({ host, published, target, protocol }: Said, shown: string): PublishedPort | string {
  if (protocol !== 'tcp') return `the port \`${shown}\` is ${protocol}`;
  if (published.includes('-') || target.includes('-')) return `\`${shown}\` is a range of ports`;
  if (!/^\d+$/.test(target)) return `\`${shown}\` is no port`;
  // Docker chooses another one at every start.
  if (published === '' || Number(published) === 0)
    return `the port \`${shown}\` has none on this machine that stays`;
  return { address: `${reachable(host)}:${published}`, target: Number(target) };
}

/** Where a port is reached that is published on an address; on all of them, it is on this one too. */
function reachable(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '');
  if (['', '0.0.0.0', '::', 'localhost'].includes(bare)) return '127.0.0.1';
  return bare.includes(':') ? `[${bare}]` : bare;
}
