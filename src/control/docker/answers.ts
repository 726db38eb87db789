import type { InspectedContainer, ListedContainer, NetworkAddress, PublishedPort } from './engine.ts';
import type { NodeState } from '../driver.ts';

/** What the engine answers about containers, as far as it is read; and how it reads in our words. */

interface ListAnswer {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly State: string;
}

interface InspectAnswer {
  readonly Id: string;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Error: string;
    readonly StartedAt: string;
    readonly Pid: number;
  };
  readonly HostConfig: {
    readonly NetworkMode?: string | undefined;
    /** By port; null where it is not published. */
    readonly PortBindings?: PortBindings | null | undefined;
    readonly NanoCpus?: number | undefined;
    readonly CpuPeriod?: number | undefined;
    readonly CpuQuota?: number | undefined;
    readonly Memory?: number | undefined;
    readonly MemorySwap?: number | undefined;
  };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, NetworkAnswer>> };
}

interface NetworkAnswer {
  readonly IPAddress: string;
  readonly IPPrefixLen: number;
  readonly Gateway: string;
  readonly GlobalIPv6Address: string;
  readonly GlobalIPv6PrefixLen: number;
  readonly IPv6Gateway: string;
}

type PortBindings = Readonly<Record<string, readonly PortBinding[] | null>>;

interface PortBinding {
  readonly HostIp?: string;
  readonly HostPort?: string;
}

export function listed({ Id, Names, Labels, State }: ListAnswer): ListedContainer {
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

export function inspected({ Id, State, HostConfig, NetworkSettings }: InspectAnswer): InspectedContainer {
  const { Status, ExitCode, OOMKilled, Error: error, StartedAt, Pid } = State;
  const { NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0, Memory = 0, MemorySwap = 0 } = HostConfig;
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
    limits: {
      nanoCpus: NanoCpus,
      cpuPeriod: CpuPeriod,
      cpuQuota: CpuQuota,
      memory: Memory,
      memorySwap: MemorySwap,
    },
  };
}

function addressesOf(network: NetworkAnswer): NetworkAddress[] {
  const { IPAddress, IPPrefixLen, Gateway, GlobalIPv6Address, GlobalIPv6PrefixLen, IPv6Gateway } = network;
  return [
    { address: IPAddress, prefixLength: IPPrefixLen, gateway: Gateway },
    { address: GlobalIPv6Address, prefixLength: GlobalIPv6PrefixLen, gateway: IPv6Gateway },
  ].filter(({ address }) => address !== '');
}

/** From the configuration, not the network settings: those are empty while a container is stopped. */
function publishedPorts(bindings: PortBindings | null = null): PublishedPort[] {
  return Object.entries(bindings ?? {}).flatMap(([port, places]) =>
    (places ?? []).map(({ HostIp, HostPort }) => ({
      hostIp: HostIp ?? '',
      hostPort: Number(HostPort) || 0,
      // `6379/tcp`
      containerPort: Number.parseInt(port, 10),
    })),
  );
}

/** `restarting` stands between two lives of a container: nothing runs in it. */
function stateOf(status: string): NodeState {
  if (status === 'running' || status === 'paused') return status;
  return 'stopped';
}
