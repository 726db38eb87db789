import { resolve } from 'node:path';
import type { Connections, DriverRequest } from './cli/world.ts';
import { isDemoService, nodesOf } from './config/nodes.ts';
import { chooseDriver } from './control/choose.ts';
import { composeProject, hasComposeFile } from './control/compose-project.ts';
import { engineAddress } from './control/docker-address.ts';
import type { DockerProbe } from './control/docker-probe.ts';
import { findRedisServer } from './control/redis-server.ts';
import type { Config } from './model/config.ts';
import { messageOf } from './model/errors.ts';
import type { NodeSpec } from './model/node.ts';

export interface Outside {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The only place that chooses drivers and makes targets. The SDKs behind them are loaded when they are first needed. */
export function connect({ cwd, env }: Outside): Connections {
  const projectOf = async (config: Config) => {
    const { topLevelName } = await import('./config/yaml.ts');
    const { project } = config.control.docker;
    return composeProject({ project, env, directory: resolve(cwd), readName: topLevelName });
  };

  const dockerOf = async (config: Config) => ({
    address: engineAddress(env, config.control.docker.socket),
    project: await projectOf(config),
  });

  const probe = async (config: Config, nodes: readonly NodeSpec[]): Promise<DockerProbe> => {
    const { probeDocker } = await import('./control/docker.ts');
    const services = nodes.filter(({ managed }) => managed).map(({ name }) => name);
    return probeDocker({ ...(await dockerOf(config)), services });
  };

  const redisOptions = (config: Config) => ({
    redisServer: config.control.process.redis_server,
    searchPath: env['PATH'],
  });

  const choose = async ({ wish, config, nodes, disturbs }: DriverRequest) => {
    if (wish !== 'auto') return { name: wish, reason: 'asked for' } as const;
    return chooseDriver({
      nodes,
      disturbs,
      project: await projectOf(config),
      probe: await probe(config, nodes),
      isEmbeddable: isDemoService,
    });
  };

  return {
    async chooseDriver(request) {
      const { name, reason } = await choose(request);
      if (name === 'none') return { driver: null, name, reason };
      if (name === 'docker') {
        const { createDockerDriver } = await import('./control/docker.ts');
        return { driver: createDockerDriver(await dockerOf(request.config)), name, reason };
      }
      const { createProcessDriver } = await import('./control/process.ts');
      return { driver: createProcessDriver(redisOptions(request.config)), name, reason };
    },

    async openTarget(kind, config) {
      if (kind === 'http') {
        const { createHttpTarget } = await import('./target/http.ts');
        return createHttpTarget({ workload: config.http_workload });
      }
      const { createRedisTarget } = await import('./target/redis.ts');
      return createRedisTarget({ operations: config.redis_workload });
    },

    async look(config) {
      const seen = await probe(config, nodesOf(config));
      return {
        docker: seen.answers
          ? { usable: true, says: `${seen.version}, API ${seen.apiVersion}`, hint: undefined }
          : { usable: false, says: seen.problem, hint: seen.hint },
        project: {
          name: await projectOf(config),
          hasFile: await hasComposeFile(resolve(cwd)),
          services: seen.answers ? seen.services : [],
        },
        redisServer: lookForRedis(redisOptions(config)),
      };
    },
  };
}

function lookForRedis(options: Parameters<typeof findRedisServer>[0]): { usable: boolean; says: string } {
  try {
    return { usable: true, says: findRedisServer(options) };
  } catch (error) {
    return { usable: false, says: messageOf(error) };
  }
}
