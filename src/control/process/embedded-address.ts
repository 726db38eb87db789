import { OrchError } from '../../model/errors.ts';
import type { NodeSpec } from '../../model/node.ts';
import { loopback } from '../ports.ts';

/**
 * Refuses a node that stands on another machine: an embedded one in its place would not be what was meant.
 * @throws OrchError `driver-unavailable`
 */
export function embeddable(node: NodeSpec): void {
  const { hostname } = new URL(node.url);
  if (/^(localhost|127\..*|\[::1\])$/.test(hostname)) return;
  throw new OrchError(
    'driver-unavailable',
    `${node.name} is configured at ${hostname}, and embedded nodes run on this machine only`,
    { hint: 'Configure it at 127.0.0.1, or use another driver.' },
  );
}

/** The node at the address where it is embedded: without TLS and credentials, its path or database kept. */
export function embeddedAt(node: NodeSpec, port: number): NodeSpec {
  const { pathname } = new URL(node.url);
  return { ...node, url: `${node.kind}://${loopback}:${port}${pathname === '/' ? '' : pathname}` };
}
