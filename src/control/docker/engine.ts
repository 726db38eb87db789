import { statSync } from 'node:fs';
import { errnoOf, messageOf, OrchError } from '../../model/errors.ts';
import type { Labels } from '../../model/node.ts';
import type { EngineAddress } from './address.ts';
import type { NodeState } from '../driver.ts';
import type { Power } from '../powers.ts';

/** What is asked of the Docker Engine. docker.ts makes one of dockerode; every call is bounded in time. */
export interface Engine {
  version(): Promise<EngineVersion>;
  /** What tells this engine from others. */
  id(): Promise<string>;
  /** What there is of processors and memory where the containers run. */
  capacity(): Promise<Capacity>;
  /** All containers in all states. */
  list(): Promise<readonly ListedContainer[]>;
  inspect(id: string): Promise<InspectedContainer>;
  /** `graceMs` counts for `stop`; the engine knows whole seconds only, so it is rounded up. */
  use(power: Power, id: string, graceMs?: number): Promise<void>;
  /** Runs a script in a container of its own, as root with NET_ADMIN, and removes it whatever happens. */
  runHelper(helper: Helper): Promise<ScriptResult>;
  /** All containers with that label, in all states. */
  labelled(label: string): Promise<readonly LabelledContainer[]>;
  /** Ends a container and removes it; that there is none is fine. */
  remove(id: string): Promise<void>;
  /** Sets the limits that are named; the others stay. */
  update(id: string, limits: Partial<ContainerLimits>): Promise<void>;
  /** Bytes that the container holds and that the kernel cannot take back: without the cache of files. */
  memoryUsed(id: string): Promise<number>;
  /** The command line of each process inside, as the engine's machine sees it. */
  commandLines(id: string): Promise<readonly string[]>;
  /** Runs a command inside, as the container's own user, to its end. */
  execute(id: string, command: ContainerCommand): Promise<Executed>;
  /** As `execute`, but resolves as soon as the command was started. */
  launch(id: string, command: ContainerCommand): Promise<void>;
}

export interface Capacity {
  readonly cpus: number;
  /** In bytes. */
  readonly memory: number;
}

export interface Helper {
  readonly image: string;
  /** `container:ID` for that one's network namespace, `none` for one of its own. */
  readonly networkMode: string;
  /** For `sh`. */
  readonly script: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface LabelledContainer {
  readonly id: string;
  /** What the label says. */
  readonly value: string;
  /** Unix seconds by the engine's clock. */
  readonly createdSec: number;
}

/** What came of a command. */
export interface ScriptResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ContainerCommand {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Executed {
  /** 126 and 127 where the program is not there. */
  readonly exitCode: number;
  /** Both streams as one, trimmed. */
  readonly output: string;
}

/** A container's limits as the engine keeps them; 0 is none. Times are microseconds, sizes are bytes. */
export interface ContainerLimits {
  /** Billionths of a processor. The engine allows either this or period and quota. */
  readonly nanoCpus: number;
  readonly cpuPeriod: number;
  readonly cpuQuota: number;
  readonly memory: number;
  /** Memory and swap together. */
  readonly memorySwap: number;
}

export interface EngineVersion {
  readonly version: string;
  readonly apiVersion: string;
}

export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  readonly state: NodeState;
  /** The labels that Compose puts on; undefined on a container that is not Compose's. */
  readonly project: string | undefined;
  readonly service: string | undefined;
  /** Made by `docker compose run`: it carries its service's label without being the service. */
  readonly oneOff: boolean;
  readonly labels: Labels;
}

export interface InspectedContainer {
  readonly id: string;
  readonly state: NodeState;
  readonly startedAt: string;
  /** `Status=exited ExitCode=137 OOMKilled=false`. */
  readonly evidence: string;
  readonly usesHostNetwork: boolean;
  readonly published: readonly PublishedPort[];
  /** Of its first process, as the engine's machine counts; 0 where it does not run. */
  readonly pid: number;
  /** The id of the container whose network namespace it uses in place of one of its own. */
  readonly networkOf: string | null;
  /** Its places in Docker networks; none while it does not run. */
  readonly networks: readonly NetworkAddress[];
  readonly limits: ContainerLimits;
}

/** An address of a container, of either family. */
export interface NetworkAddress {
  readonly address: string;
  readonly prefixLength: number;
  /** Where the network leads out, which is the engine's machine; empty where it does not. */
  readonly gateway: string;
}

export interface PublishedPort {
  /** Empty for all addresses. */
  readonly hostIp: string;
  /** 0 where Docker chooses it, anew at every start. */
  readonly hostPort: number;
  readonly containerPort: number;
}

/** The engine answered, and refused: a wrong state, an unknown container, a fault of its own. */
export class EngineRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message === '' ? 'no reason given' : message);
    this.name = 'EngineRefusal';
    this.status = status;
  }
}

/** `1f2e3d4c5b6a`: as much of a container's id as `docker ps` shows. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

/** The error of an engine that did not answer, with the cause in words and what to do about it. */
export function unreachable({ shown, socketPath }: EngineAddress, thrown: unknown): OrchError {
  const { because, hint } = explain(thrown, socketPath);
  return new OrchError('docker-unreachable', `the Docker Engine at ${shown} does not answer: ${because}`, {
    hint,
    cause: thrown,
  });
}

/** The error of something that answers where an engine is looked for, and refuses what every engine answers, or answers other data. */
export function notAnEngine({ shown }: EngineAddress, answer: unknown): OrchError {
  const said =
    answer instanceof EngineRefusal ? `HTTP ${answer.status}, ${excerpt(answer.message)}` : excerpt(answer);
  return new OrchError(
    'docker-unreachable',
    `what answers at ${shown} is no Docker Engine, or keeps it from us: ${said}`,
    {
      hint: 'Correct DOCKER_HOST, or control.docker.socket. A proxy before an engine must let orch ask for its info, version and containers.',
    },
  );
}

/** dockerode hands over what is no JSON as bytes. */
function excerpt(answer: unknown): string {
  const text =
    typeof answer === 'string' || Buffer.isBuffer(answer) ? String(answer) : JSON.stringify(answer);
  const said = text.trim() === '' ? 'an empty answer' : text.trim();
  return said.length <= 80 ? said : `${said.slice(0, 80)} …`;
}

interface Explanation {
  readonly because: string;
  readonly hint: string;
}

const startIt =
  'Start Docker (Docker Desktop, or `sudo systemctl start docker`), or set control.docker.socket in config.yaml.';
const joinGroup =
  'Join the docker group (`sudo usermod -aG docker $USER`, then log in anew), or run as a user who may open it.';
const stopped: Explanation = { because: 'nothing listens there, the engine is not running', hint: startIt };
const forbidden: Explanation = { because: 'permission denied', hint: joinGroup };

const notSocket: Explanation = {
  because: 'the file is not a socket',
  hint: 'Set control.docker.socket in config.yaml to the engine’s socket, or leave it out.',
};

const explanations: ReadonlyMap<string | undefined, Explanation> = new Map([
  ['ENOENT', { because: 'there is no such socket', hint: startIt }],
  ['EACCES', forbidden],
  ['EPERM', forbidden],
  ['ECONNREFUSED', stopped],
  ['ENOTSOCK', notSocket],
  ['ENOTFOUND', { because: 'there is no such host', hint: 'Correct DOCKER_HOST, or unset it.' }],
]);

function explain(thrown: unknown, socketPath: string | undefined): Explanation {
  const errno = errnoOf(thrown);
  // Connecting to another kind of file is refused just as if nothing listened on a socket.
  if (errno === 'ECONNREFUSED' && socketPath !== undefined && isOtherFile(socketPath)) return notSocket;
  return (
    explanations.get(errno) ?? {
      because: messageOf(thrown),
      hint: 'See whether `docker version` reports a server.',
    }
  );
}

function isOtherFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isSocket() === false;
}
