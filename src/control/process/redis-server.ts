import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { OrchError } from '../../model/errors.ts';

export interface RedisServerOptions {
  /** control.process.redis_server of config.yaml. */
  readonly redisServer?: string | undefined;
  /** The PATH of the environment. */
  readonly searchPath: string | undefined;
}

/**
 * The redis-server to start: the one configured, else the first on the search path.
 * @throws OrchError `redis-server-missing`
 */
export function findRedisServer({ redisServer, searchPath }: RedisServerOptions): string {
  const candidates =
    redisServer === undefined
      ? (searchPath ?? '')
          .split(delimiter)
          .filter((dir) => dir !== '')
          .map((dir) => join(dir, 'redis-server'))
      : [redisServer];
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  const where = redisServer === undefined ? 'no redis-server is on PATH' : `${redisServer} is not a program`;
  throw new OrchError('redis-server-missing', `embedded Redis nodes need redis-server, and ${where}`, {
    hint: 'Get it with `apt-get install redis-server` or `brew install redis`, or set control.process.redis_server in config.yaml.',
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
