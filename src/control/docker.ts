import Docker from 'dockerode';
import { type EngineAddress, engineUrl } from './docker-address.ts';
import { adoptingDriver, type DockerOptions, dockerDriver } from './docker-driver.ts';
import {
  type Engine,
  EngineRefusal,
  type InspectedContainer,
  type ListedContainer,
  type NetworkAddress,
  notAnEngine,
  type PublishedPort,
  unreachable,
} from './docker-engine.ts';
import { demultiplexed } from './docker-log.ts';
import { type DockerProbe, probeEngine } from './docker-probe.ts';
import type { Driver, EngineMark, NodeState } from './driver.ts';

const callLimitMs = 15_000;
const probeLimitMs = 2_000;

/** A driver for the containers of a compose project. Nothing is asked of the engine before `open`. */
export function createDockerDriver({ address, project }: DockerOptions): Driver {
  return dockerDriver(connect(address, callLimitMs), engineUrl(address), project);
}

/** The engine itself; each call is bounded in time. Nothing is asked of it yet. */
export function connectEngine(address: EngineAddress): Engine {
  return connect(address, callLimitMs);
}

/** A driver for the containers that a run's journal names: node → incarnation. Nothing else is touched. */
export function adoptContainers(
  address: EngineAddress,
  incarnations: ReadonlyMap<string, string>,
  mark: EngineMark | undefined,
): Driver {
  return adoptingDriver(connect(address, callLimitMs), incarnations, mark);
}

/** Whether an engine answers within two seconds, and what it has of the project's services. Never rejects. */
export function probeDocker({
  address,
  project,
  services,
}: DockerOptions & { readonly services: readonly string[] }): Promise<DockerProbe> {
  return probeEngine(connect(address, probeLimitMs), project, services);
}

/** Each call is answered or fails within `limitMs`: with EngineRefusal, or OrchError `docker-unreachable`. */
function connect(address: EngineAddress, limitMs: number): Engine {
  const { socketPath } = address;
  // The empty host and the plain protocol keep DOCKER_HOST, which dockerode would read, out of a chosen socket's way.
  const docker = new Docker(socketPath === undefined ? {} : { socketPath, host: '', protocol: 'http' });

  // The types leave out that `version` takes a signal too.
  const askVersion: (options: object) => Promise<Docker.DockerVersion> = docker.version.bind(docker);

  const askInfo: (options: object) => Promise<{ ID?: string }> = docker.info.bind(docker);

  async function call<T>(ask: (abortSignal: AbortSignal) => Promise<T>, extraMs = 0): Promise<T> {
    const signal = AbortSignal.timeout(limitMs + extraMs);
    try {
      return await Promise.race([ask(signal), aborted(signal)]);
    } catch (thrown) {
      if (signal.aborted) throw unreachable(address, new Error(`no answer within ${limitMs + extraMs} ms`));
      throw refusalOf(thrown) ?? unreachable(address, thrown);
    }
  }

  const remove = (id: string) =>
    call(async (abortSignal) => {
      await docker.getContainer(id).remove({ force: true, v: true, abortSignal });
    }).catch(unlessGone);
  /** What every engine answers. Anything may stand at an address, so that an answer need not be what its type says. */
  async function callAny<T>(
    ask: (abortSignal: AbortSignal) => Promise<T>,
    isAnswer: (answer: unknown) => boolean,
  ): Promise<T> {
    const answer = await call(ask).catch((thrown: unknown) => {
      throw thrown instanceof EngineRefusal ? notAnEngine(address, thrown) : thrown;
    });
    return checked(answer, isAnswer);
  }

  function checked<T>(answer: T, isAnswer: (answer: unknown) => boolean): T {
    if (!isAnswer(answer)) throw notAnEngine(address, answer);
    return answer;
  }

  return {
    async version() {
      const { Version, ApiVersion } = await callAny(
        (abortSignal) => askVersion({ abortSignal }),
        has('Version'),
      );
      return { version: Version, apiVersion: ApiVersion };
    },
    async id() {
      const { ID }: { ID?: string } = await callAny((abortSignal) => askInfo({ abortSignal }), has('ID'));
      return ID ?? '';
    },
    async list() {
      const containers = await callAny(
        (abortSignal) => docker.listContainers({ all: true, abortSignal }),
        (answer) => Array.isArray(answer) && answer.every(has('Labels')),
      );
      return containers.map(listed);
    },
    async inspect(id) {
      const container = await call((abortSignal) => docker.getContainer(id).inspect({ abortSignal }));
      return inspected(checked(container, has('State')));
    },
    async use(power, id, graceMs = 0) {
      const container = docker.getContainer(id);
      await call(async (abortSignal) => {
        if (power === 'kill') await container.kill({ signal: 'SIGKILL', abortSignal });
        else if (power === 'stop') await container.stop({ t: Math.ceil(graceMs / 1000), abortSignal });
        else await container[power]({ abortSignal });
      }, graceMs);
    },
    async runHelper({ image, networkMode, script, labels }) {
      const container = await call((abortSignal) =>
        docker.createContainer({
          Image: image,
          Entrypoint: ['sh', '-c'],
          Cmd: [script],
          User: '0',
          Labels: { ...labels },
          HostConfig: { NetworkMode: networkMode, CapAdd: ['NET_ADMIN'], LogConfig: keptLog },
          abortSignal,
        }),
      );
      try {
        await call((abortSignal) => container.start({ abortSignal }));
        const { StatusCode }: { StatusCode: number } = await call((abortSignal) =>
          container.wait({ abortSignal }),
        );
        const log = await call((abortSignal) =>
          container.logs({ stdout: true, stderr: true, follow: false, abortSignal }),
        );
        return { code: StatusCode, ...demultiplexed(log) };
      } finally {
        await remove(container.id);
      }
    },
    async labelled(label) {
      const filters = { label: [label] };
      const found = await call((abortSignal) => docker.listContainers({ all: true, filters, abortSignal }));
      return found.map(({ Id, Labels, Created }) => ({
        id: Id,
        value: Labels[label] ?? '',
        createdSec: Created,
      }));
    },
    remove,
  };
}

/** A log that can be read back, whatever the engine keeps by default. */
const keptLog = { Type: 'json-file', Config: {} };

/** Somebody else may have removed it meanwhile: 404, or 409 while they are at it. */
function unlessGone(thrown: unknown): void {
  if (!(thrown instanceof EngineRefusal && [404, 409].includes(thrown.status))) throw thrown;
}

function has(key: string): (answer: unknown) => boolean {
  return (answer) => answer !== null && typeof answer === 'object' && key in answer;
}

/** dockerode never settles a call whose connection ends in the middle of an answer, so every call races its limit. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}

function refusalOf(thrown: unknown): EngineRefusal | undefined {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return undefined;
  const { statusCode, message } = thrown;
  // dockerode writes `(HTTP code 409) unexpected - what the engine said `.
  return new EngineRefusal(Number(statusCode), message.replace(/^\(HTTP code \d+\) .*? - /s, '').trim());
}

function listed({ Id, Names, Labels, State }: Docker.ContainerInfo): ListedContainer {
  return {
    id: Id,
    name: Names[0]?.replace(/^\//, '') ?? Id,
    state: stateOf(State),
    project: Labels['com.docker.compose.project'],
    service: Labels['com.docker.compose.service'],
    oneOff: Labels['com.docker.compose.oneoff'] === 'True',
    labels: Labels,
  };
}

function inspected({
  Id,
  State,
  HostConfig,
  NetworkSettings,
}: Docker.ContainerInspectInfo): InspectedContainer {
  const { Status, ExitCode, OOMKilled, Error: error, StartedAt, Pid } = State;
  const words = [`Status=${Status}`, `ExitCode=${ExitCode}`, `OOMKilled=${OOMKilled}`];
  if (error !== '') words.push(`Error=${JSON.stringify(error)}`);
  return {
    id: Id,
    state: stateOf(Status),
    startedAt: StartedAt,
    evidence: words.join(' '),
    usesHostNetwork: HostConfig.NetworkMode === 'host',
    published: publishedPorts(HostConfig.PortBindings),
    pid: Pid,
    networkOf: /^container:(.+)$/.exec(HostConfig.NetworkMode ?? '')?.[1] ?? null,
    networks: Object.values(NetworkSettings.Networks).flatMap(addressesOf),
  };
}

function addressesOf(network: Docker.NetworkInfo): NetworkAddress[] {
  const { IPAddress, IPPrefixLen, Gateway, GlobalIPv6Address, GlobalIPv6PrefixLen, IPv6Gateway } = network;
  return [
    { address: IPAddress, prefixLength: IPPrefixLen, gateway: Gateway },
    { address: GlobalIPv6Address, prefixLength: GlobalIPv6PrefixLen, gateway: IPv6Gateway },
  ].filter(({ address }) => address !== '');
}

/** From the configuration, not the network settings: those are empty while a container is stopped. */
function publishedPorts(bindings: unknown): PublishedPort[] {
  return Object.values((bindings ?? {}) as Partial<Docker.PortMap>)
    .flatMap((ofPort) => ofPort ?? [])
    .map(({ HostIp, HostPort }) => ({ hostIp: HostIp ?? '', hostPort: Number(HostPort) || 0 }));
}

/** `restarting` stands between two lives of a container: nothing runs in it. */
function stateOf(status: string): NodeState {
  if (status === 'running' || status === 'paused') return status;
  return 'stopped';
}
