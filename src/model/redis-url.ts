import { redisEndpoint } from './redis-endpoint.ts';
import { z } from './zod.ts';

/** The URL of a Redis node or endpoint in a file. Apart from what reads it, for the start of every command does without schemas. */
export const redisNodeUrl = z
  .url({
    protocol: /^(rediss?|redis\+cluster|redis\+sentinel)$/,
    error:
      'must be a URL such as redis://127.0.0.1:6379, redis+cluster://127.0.0.1:7000 or redis+sentinel://127.0.0.1:26379/mymaster',
  })
  .refine((url) => !url.startsWith('redis+sentinel:') || redisEndpoint(url).master !== '', {
    message: 'must name the master, as its Sentinels do: redis+sentinel://127.0.0.1:26379/mymaster',
  })
  .refine((url) => !url.startsWith('redis+cluster:') || /^\/?$/.test(new URL(url).pathname), {
    message: 'must have nothing after its port: a cluster has no databases',
  });
