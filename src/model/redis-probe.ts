import { oneOf } from './one-of.ts';
import { z } from './zod.ts';

/** One Redis command, asked of an address or of a node of the run. Field names are the format's own. */

export const redisUrl = z.url({
  protocol: /^rediss?$/,
  error: 'must be a URL such as redis://127.0.0.1:6379',
});

const nodeName = z.string().min(1);
const word = z
  .union([
    z.string(),
    z.number(),
    z.strictObject({ host_of: nodeName }),
    z.strictObject({ port_of: nodeName }),
  ])
  .describe(
    'A word; or the host or port at which the other nodes reach a node: `{ host_of: redis-node-1 }`.',
  );

/** The fields of a Redis command: of the probe `redis`, and of the action `redis_command`. To be refined by `redisRule`. */
export const redisFields = {
  url: redisUrl.optional().describe('Which Redis is asked.'),
  node: nodeName.optional().describe('In place of a URL: a node of the config, wherever it is in this run.'),
  command: z.array(word).min(1).describe('The command and its arguments, each one word.'),
} as const;
export const redisRule = oneOf(['url', 'node']);

const fields = z.object(redisFields);
type RedisFields = z.output<typeof fields>;

export interface RedisProbe {
  readonly kind: 'redis';
  readonly timeoutMs: number;
  readonly of: { readonly url: string } | { readonly node: string };
  readonly command: readonly RedisWord[];
}
/** A word, or what stands for one that only the run knows. */
export type RedisWord = string | { readonly host_of: string } | { readonly port_of: string };

/** The command of a probe `redis`, or of an action `redis_command`. */
export function redisProbeOf(written: RedisFields & { readonly timeout_sec: number }): RedisProbe {
  const { url, node, command, timeout_sec } = written;
  const of = url === undefined ? { node: node ?? '' } : { url };
  const words = command.map((one) => (typeof one === 'number' ? String(one) : one));
  return { kind: 'redis', timeoutMs: timeout_sec * 1000, of, command: words };
}

/** The nodes that it asks, or names to the one that it asks. */
export function nodesOfRedis({ of, command }: RedisProbe): readonly string[] {
  const asked = 'node' in of ? [of.node] : [];
  const named = command.flatMap((one) => {
    if (typeof one === 'string') return [];
    return 'host_of' in one ? [one.host_of] : [one.port_of];
  });
  return [...new Set([...asked, ...named])];
}
