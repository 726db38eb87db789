import type { Clock } from '../clock/clock.ts';
import type { ProbedService } from '../control/docker/probe.ts';
import type { Driver, DriverName } from '../control/driver.ts';
import type { StartLoad } from '../load/generator.ts';
import type { Config } from '../model/config.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Labels, NodeKind, NodeSpec } from '../model/node.ts';
import type { RescueOptions } from '../run/rescue.ts';
import type { RoleAnswer } from '../target/redis-role.ts';
import type { Target } from '../target/target.ts';

/** Where text goes. */
export interface Output {
  write(text: string): void;
  /** The stream itself where a person watches it; null for files, pipes and CI. */
  readonly terminal: NodeJS.WritableStream | null;
  /** Width in characters, as it is now; 80 where it is not known. */
  readonly columns: number;
  readonly colour: boolean;
}

export type DriverWish = Config['control']['driver'];

export interface DriverRequest {
  readonly wish: DriverWish;
  readonly config: Config;
  /** The nodes that the run loads or disturbs. */
  readonly nodes: readonly NodeSpec[];
  readonly disturbs: boolean;
  /** Whether an engine on another machine may be used. */
  readonly allowRemote: boolean;
  /** Where embedded nodes, if it comes to them, have their homes. */
  readonly directory: string;
  /** The run's directory, absolute; null where there is to be none. */
  readonly runPath: string | null;
}

export interface ChosenDriver {
  /** Null where the nodes are only loaded, and reached as they are. */
  readonly driver: Driver | null;
  readonly name: DriverName | 'none';
  /** Why this one, as a sentence. */
  readonly reason: string;
  /** The engine's address, as DOCKER_HOST would say it; null where there is none. */
  readonly engine: string | null;
  /** What service names are unique in; null where a node is known by its address. */
  readonly scope: string | null;
}

/** What is known of the machine, for `orch doctor`. */
export interface Surroundings {
  readonly docker: {
    readonly usable: boolean;
    readonly says: string;
    /** What to do where it is not usable. */
    readonly hint: string | undefined;
  };
  /** The compose project that would be looked for, and what the engine has of each of the config's services. */
  readonly project: {
    readonly name: string;
    /** Whether a Compose file stands here, or in a directory above. */
    readonly hasFile: boolean;
    readonly services: readonly ProbedService[];
  };
  /** Null where the config names none. */
  readonly toxiproxy: { readonly usable: boolean; readonly says: string } | null;
  readonly demoService: { readonly usable: boolean; readonly says: string };
  readonly redisServer: { readonly usable: boolean; readonly says: string };
}

export interface LabelsRequest {
  readonly wish: DriverWish;
  readonly config: Config;
  readonly nodes: readonly NodeSpec[];
  /** Of all labels, only these: others may hold what nobody else is to see. */
  readonly keys: readonly string[];
}

export interface ContainerLabels {
  /** By the node's name. */
  readonly labels: ReadonlyMap<string, Labels>;
  /** Why no container was looked at, as a sentence; null where they were, or there are none to look at. */
  readonly unseen: string | null;
}

export interface LoadRequest {
  /** 0: the load is made in this thread, through these targets. */
  readonly threads: number;
  readonly targets: ReadonlyMap<NodeKind, Target>;
  readonly config: Config;
  readonly seed: number;
  /** The nodes that any load goes to. */
  readonly nodes: readonly NodeSpec[];
  /** Whether threads go through a request's way once before the run begins. */
  readonly rehearses: boolean;
}

export interface OpenedLoad {
  readonly start: StartLoad;
  close(): Promise<void>;
}

/** Drivers and targets: compose.ts alone makes them. */
export interface Connections {
  /** @throws OrchError `driver-unavailable`, `docker-unreachable` */
  chooseDriver(request: DriverRequest): Promise<ChosenDriver>;
  /**
   * @param seed Of the run: the same seed makes the same requests.
   * @throws OrchError `yaml-invalid`, `feed-invalid`, `file-not-found`, `no-permission`
   */
  openTarget(kind: NodeKind, config: Config, seed: number): Promise<Target>;
  /** What makes a run's load, connected to the nodes. */
  openLoad(request: LoadRequest): Promise<OpenedLoad>;
  /**
   * The labels of the nodes' containers, where nodes may be containers. Looks, and touches nothing.
   * @throws OrchError `docker-unreachable` where Docker was asked for
   */
  labelsOf(request: LabelsRequest): Promise<ContainerLabels>;
  /** What a Redis node says of its role. Never rejects. */
  roleOf(node: NodeSpec): Promise<RoleAnswer>;
  /** Reaches what a journal names, for undoing it. */
  reach: RescueOptions['reach'];
  /** Takes away what a killed run left that belongs to no fault. */
  tidy: RescueOptions['tidy'];
  look(config: Config): Promise<Surroundings>;
}

/** Everything that commands know of the outside: there is no other door. main.ts makes the real one, tests their own. */
export interface World {
  readonly pid: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly clock: Clock;
  /** Where orch itself is installed: the shipped scenarios stand there. */
  readonly packageRoot: string;
  readonly versions: Manifest['versions'];
  readonly host: Manifest['host'];
  /** Aborts, with the signal's name as its reason, when the user interrupts. */
  readonly interrupt: AbortSignal;
  readonly connections: Connections;
  /**
   * What is to be told, should the user interrupt a second time: what is still broken. While there is something to
   * tell (not null), the first interruption waits for a run to end in good order.
   */
  atEmergency(report: (() => readonly string[]) | null): void;
}
