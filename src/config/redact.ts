import type { Config } from '../model/config.ts';
import type { NodeSpec } from '../model/node.ts';

const hidden = '***';
const secretHeader = /^(authorization|proxy-authorization|cookie)$|token|secret|password|api-?key/i;

/** A URL as it may be shown and stored: without its password, and without what its query says. */
export function shownUrl(url: string): string {
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = hidden;
  const shown = parsed.password === '' ? url : parsed.href;
  return withoutQueryValues(shown);
}

/** Text that may be a URL, or was meant to be one, without the password in it. */
export function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^/?#@\s]*?:)[^/?#\s]*@/, `$1${hidden}@`);
}

/** `/work?token=abc&page=2` → `/work?token=***&page=***`: any of them may be a secret. */
function withoutQueryValues(path: string): string {
  const [before = '', ...query] = path.split('?');
  return [before, ...query.map((part) => part.replaceAll(/=[^&#]*/g, `=${hidden}`))].join('?');
}

/** A config as it may be stored in a run's manifest: passwords and queries in URLs and secrets in headers are hidden. */
export function withoutSecrets(config: Config): Config {
  const { headers, path } = config.http_workload;
  const shown = Object.entries(headers).map(([name, value]) => [
    name,
    secretHeader.test(name) ? hidden : value,
  ]);
  return {
    ...config,
    http_nodes: config.http_nodes.map(shownUrl),
    redis_nodes: config.redis_nodes.map(shownUrl),
    http_workload: {
      ...config.http_workload,
      path: withoutQueryValues(path),
      headers: Object.fromEntries(shown),
    },
  };
}

/** Nodes as they may be stored. */
export function nodesWithoutSecrets(nodes: readonly NodeSpec[]): readonly NodeSpec[] {
  return nodes.map((node) => ({ ...node, url: shownUrl(node.url) }));
}
