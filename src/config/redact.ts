import type { Config } from '../model/config.ts';
import type { NodeSpec } from '../model/node.ts';

const hidden = '***';
const secretHeader = /^(authorization|proxy-authorization|cookie)$|token|secret|password|api-?key/i;

/** A URL as it may be shown and stored: without its password. */
export function shownUrl(url: string): string {
  const parsed = new URL(url);
  if (parsed.password === '') return url;
  parsed.password = hidden;
  return parsed.href;
}

/** A config as it may be stored in a run's manifest: passwords in URLs and secrets in headers are hidden. */
export function withoutSecrets(config: Config): Config {
  const { headers } = config.http_workload;
  const shown = Object.entries(headers).map(([name, value]) => [
    name,
    secretHeader.test(name) ? hidden : value,
  ]);
  return {
    ...config,
    http_nodes: config.http_nodes.map(shownUrl),
    redis_nodes: config.redis_nodes.map(shownUrl),
    http_workload: { ...config.http_workload, headers: Object.fromEntries(shown) },
  };
}

/** Nodes as they may be stored. */
export function nodesWithoutSecrets(nodes: readonly NodeSpec[]): readonly NodeSpec[] {
  return nodes.map((node) => ({ ...node, url: shownUrl(node.url) }));
}
