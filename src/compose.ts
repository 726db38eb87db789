import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Connections, DriverRequest, Surroundings } from './cli/world.ts';
import { isDemoService, nodesOf } from './config/nodes.ts';
import { chooseDriver } from './control/choose.ts';
import { composeProject, hasComposeFile } from './control/docker/compose-project.ts';
import { type EngineAddress, engineAddress, engineUrl, isLocal } from './control/docker/address.ts';
import type { DockerProbe, ProbedService } from './control/docker/probe.ts';
import { endedNodes } from './control/ended-nodes.ts';
import { lookForDemo } from './control/process/demo-service.ts';
import { findRedisServer } from './control/process/redis-server.ts';
import type { Config } from './model/config.ts';
import { messageOf, OrchError } from './model/errors.ts';
import type { Labels, NodeKind, NodeSpec } from './model/node.ts';
import { endedProxy } from './proxy/ended.ts';
import { toxiproxyAddress } from './proxy/toxiproxy/address.ts';
import { openTarget } from './target/open-target.ts';
import type { Target } from './target/target.ts';

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
    address: engineAddress(env, config.control.docker.socket, resolve(cwd)),
    project: await projectOf(config),
    netImage: config.control.docker.net_image,
  });

  const probe = async (config: Config, nodes: readonly NodeSpec[]): Promise<DockerProbe> => {
    const { probeDocker } = await import('./control/docker/docker.ts');
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
      if (name === 'none') return { driver: null, name, reason, engine: null, scope: null };
      if (name === 'docker') {
        const { createDockerDriver } = await import('./control/docker/docker.ts');
        const docker = await dockerOf(request.config);
        if (!isLocal(docker.address) && !request.allowRemote) throw remote(docker.address);
        const engine = engineUrl(docker.address);
        const scope = `${realPath(docker.address)} ${docker.project}`;
        const driver = createDockerDriver({ ...docker, runPath: request.runPath });
        return { driver, name, reason, engine, scope };
      }
      const { createProcessDriver } = await import('./control/process/process.ts');
      const { config, directory } = request;
      const driver = createProcessDriver({ ...redisOptions(config), directory });
      return { driver, name, reason, engine: null, scope: null };
    },

    openTarget,

    async openLoad({ threads, targets, ...load }) {
      if (threads > 0) {
        const { LoadFleet } = await import('./load/fleet.ts');
        const fleet = await LoadFleet.start({ threads, ...load });
        return { start: (context) => fleet.begin(context), close: () => fleet.close() };
      }
      const { inThisThread } = await import('./load/in-thread.ts');
      for (const [kind, target] of targets)
        await target.open(load.nodes.filter((node) => node.kind === kind));
      return { start: inThisThread(targets), close: () => Promise.resolve() };
    },

    async labelsOf({ wish, config, nodes, keys }) {
      if (wish === 'process') return { labels: new Map(), unseen: null };
      const seen = await probe(config, nodes);
      if (seen.answers) return { labels: labelsByService(seen.services, keys), unseen: null };
      const { problem, hint } = seen;
      if (wish === 'auto') return { labels: new Map(), unseen: problem };
      throw new OrchError('docker-unreachable', problem, hint === undefined ? {} : { hint });
    },

    async roleOf(node) {
      const { askRole } = await import('./target/redis.ts');
      return askRole(node, probeMs);
    },

    async reach(open, manifest, runPath) {
      const probes = new Map<NodeKind, Target['probe']>();
      const serves = async (name: string) => {
        const node = manifest?.nodes.find((one) => one.name === name);
        // Where nothing is known of a node's address, that it runs has to do.
        if (node === undefined || manifest === null) return true;
        const probe = probes.get(node.kind) ?? (await probeFor(node.kind, manifest.config));
        probes.set(node.kind, probe);
        return (await probe(node, probeMs)) === null;
      };
      const close = () => Promise.resolve();
      const isDocker = open.some(({ note }) => note.driver === 'docker');
      if (!isDocker) return { driver: endedNodes(), disturbers: [], serves, close };
      const { adoptContainers } = await import('./control/docker/docker.ts');
      const mark = open.find(({ note }) => note.engine !== undefined)?.note.engine;
      const address = engineOf(mark?.address ?? manifest?.driver.engine, env);
      const incarnations = new Map(open.map(({ node, note }) => [node, note.incarnation]));
      const driver = adoptContainers(address, incarnations, { mark, runPath: resolve(cwd, runPath) });
      const { ToxiproxyDisturber } = await import('./proxy/toxiproxy/disturber.ts');
      const disturbers = [...driver.disturbers, endedProxy(), new ToxiproxyDisturber()];
      return { driver, disturbers, serves, close };
    },

    async tidy(manifest, runPath) {
      if (manifest.driver.name !== 'docker') return;
      if (manifest.config.control.docker.net_image === undefined) return;
      const { tidyEngine } = await import('./control/docker/docker.ts');
      await tidyEngine(engineOf(manifest.driver.engine, env), resolve(cwd, runPath));
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
        toxiproxy: await lookForToxiproxy(config.control.proxy),
        demoService: lookForDemo(),
        redisServer: lookForRedis(redisOptions(config)),
      };
    },
  };
}

/** One look whether a node answers. */
const probeMs = 1_000;

/** What asks nodes of a run that is over, whose requests are of no interest any more. */
async function probeFor(kind: NodeKind, config: Config): Promise<Target['probe']> {
  if (kind === 'redis') return (await import('./target/redis.ts')).probeRedis;
  const { probeHttp } = await import('./target/http-probe.ts');
  const { transportsOf } = await import('./target/http-transport.ts');
  const { workloadsOf } = await import('./target/open-target.ts');
  const { tlsIfAny } = await import('./target/tls.ts');
  // Where a certificate is not there any more, whether the node answers may be seen without it.
  const { http_workload: workload } = config;
  const transports = transportsOf({ workload, workloads: workloadsOf(config, 'http') }, tlsIfAny);
  return (node, timeoutMs) => probeHttp(node, timeoutMs, transports.values());
}

function labelsByService(services: readonly ProbedService[], keys: readonly string[]): Map<string, Labels> {
  const asked = ({ labels = {} }: ProbedService) =>
    Object.fromEntries(Object.entries(labels).filter(([key]) => keys.includes(key)));
  return new Map(services.map((service) => [service.service, asked(service)]));
}

/** The engine by one name, whatever links lead to its socket. */
function realPath(address: EngineAddress): string {
  try {
    return address.socketPath === undefined ? address.shown : realpathSync(address.socketPath);
  } catch {
    return engineUrl(address);
  }
}

function remote({ shown }: EngineAddress): OrchError {
  return new OrchError('remote-engine', `the Docker Engine at ${shown} is on another machine`, {
    hint: 'If its containers are the ones to disturb, say so with --allow-remote; else unset DOCKER_HOST.',
  });
}

/** The engine that a run used. One that is reached by a host's name is the environment's to name, with what it takes. */
function engineOf(engine: string | undefined, env: Outside['env']): EngineAddress {
  if (engine === undefined || engine === env['DOCKER_HOST']) return engineAddress(env);
  if (engine.startsWith('unix://')) return engineAddress({ ...env, DOCKER_HOST: engine });
  throw new OrchError('docker-unreachable', `the run used the Docker Engine at ${engine}`, {
    hint: `Name it: DOCKER_HOST=${engine} orch recover`,
  });
}

async function lookForToxiproxy(proxy: string): Promise<Surroundings['toxiproxy']> {
  if (proxy === 'embedded') return null;
  const { ToxiproxyApi } = await import('./proxy/toxiproxy/api.ts');
  const address = toxiproxyAddress(proxy);
  try {
    return { usable: true, says: `${await new ToxiproxyApi(address).version()} at ${address.text}` };
  } catch (error) {
    return { usable: false, says: messageOf(error) };
  }
}

function lookForRedis(options: Parameters<typeof findRedisServer>[0]): { usable: boolean; says: string } {
  try {
    return { usable: true, says: findRedisServer(options) };
  } catch (error) {
    return { usable: false, says: messageOf(error) };
  }
}
