import type { Config } from '../model/config.ts';
import type { NodeSpec } from '../model/node.ts';
import { hiddenValue as hidden } from '../model/variables.ts';
import type { HttpWorkload, RedisOperation } from '../model/workload.ts';

/** Headers that say how a request is made. Any other may be what lets it in, whatever it is called. */
const harmlessHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'content-encoding',
  'content-language',
  'content-length',
  'content-type',
  'host',
  'pragma',
  'user-agent',
]);
/** Words of Redis commands after which come names and passwords: `AUTH`, `HELLO 3 AUTH`, `CONFIG SET requirepass` … */
const secretWords = /\b(auth2?|requirepass|masterauth|setuser)(["']?\s).*/is;

/** A URL as it may be shown and stored: without its password or a token in its place, and without what its query says. */
export function shownUrl(url: string): string {
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = hidden;
  else if (parsed.username !== '') parsed.username = hidden;
  const shown = parsed.username + parsed.password === '' ? url : parsed.href;
  return withoutQueryValues(shown);
}

/** Text that may be a URL, or was meant to be one, without the password in it. */
export function withoutPassword(text: string): string {
  return text.replace(/(:\/\/)([^/?#\s]*)@/, (_, slashes: string, user: string) => {
    const [name = ''] = user.split(':');
    return `${slashes}${name === user ? hidden : `${name}:${hidden}`}@`;
  });
}

/** A Redis command with what comes after `AUTH` and the like hidden. */
export function withoutRedisPassword(command: string): string {
  return command.replace(secretWords, `$1$2${hidden}`);
}

/** `/work?token=abc&page=2` → `/work?token=***&page=***`: any of them may be a secret. */
function withoutQueryValues(path: string): string {
  const [before = '', ...query] = path.split('?');
  return [before, ...query.map((part) => part.replaceAll(/=[^&#]*/g, `=${hidden}`))].join('?');
}

/** A config as it may be stored in a run's manifest: what lets requests in, in URLs, headers and commands, is hidden. */
export function withoutSecrets(config: Config): Config {
  const { base_url: baseUrl } = config.llm;
  const named = Object.entries(config.workloads).map(([name, { http, redis }]) => [
    name,
    { ...(http && { http: httpWithoutSecrets(http) }), ...(redis && { redis: redisWithoutSecrets(redis) }) },
  ]);
  return {
    ...config,
    http_nodes: config.http_nodes.map(shownUrl),
    redis_nodes: config.redis_nodes.map(shownUrl),
    llm: { ...config.llm, ...(baseUrl === undefined ? {} : { base_url: shownUrl(baseUrl) }) },
    http_workload: httpWithoutSecrets(config.http_workload),
    redis_workload: redisWithoutSecrets(config.redis_workload),
    workloads: Object.fromEntries(named),
  };
}

function httpWithoutSecrets(workload: HttpWorkload): HttpWorkload {
  const requests = workload.requests.map(({ path, headers, ...request }) => {
    const shown = Object.entries(headers).map(([name, value]) => [
      name,
      harmlessHeaders.has(name.toLowerCase()) ? value : hidden,
    ]);
    return { ...request, path: withoutQueryValues(path), headers: Object.fromEntries(shown) };
  });
  return { ...workload, requests };
}

function redisWithoutSecrets(operations: readonly RedisOperation[]): RedisOperation[] {
  return operations.map((operation) => ({
    ...operation,
    commands: operation.commands.map(withoutRedisPassword),
  }));
}

/** Nodes as they may be stored. */
export function nodesWithoutSecrets(nodes: readonly NodeSpec[]): readonly NodeSpec[] {
  return nodes.map((node) => ({ ...node, url: shownUrl(node.url) }));
}
