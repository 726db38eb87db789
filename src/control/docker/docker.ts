import { text } from 'node:stream/consumers';
import Docker from 'dockerode';
import type { EngineAddress } from './address.ts';
import { inspected, listed } from './answers.ts';
import { type AdoptedRun, adoptingDriver, type DockerOptions, dockerDriver } from './docker-driver.ts';
import { type Engine, EngineRefusal, notAnEngine, unreachable } from './engine.ts';
import { removeHelpersOf } from './net/helper-way.ts';
import { demultiplexed } from './log.ts';
import { heldBytes, type MemoryFigures } from './memory.ts';
import { type DockerProbe, probeEngine } from './probe.ts';
import type { Driver } from '../driver.ts';

const callLimitMs = 15_000;
const probeLimitMs = 2_000;

/** A driver for the containers of a compose project. Nothing is asked of the engine before `open`. */
export function createDockerDriver(options: DockerOptions): Driver {
  return dockerDriver(connectEngine(options.address), options);
}

/** The engine itself; each call is bounded in time. Nothing is asked of it yet. */
export function connectEngine(address: EngineAddress): Engine {
  return connect(address, callLimitMs);
}

/** A driver for the containers that a run's journal names: node → incarnation. Nothing else is touched. */
export function adoptContainers(
  address: EngineAddress,
  incarnations: ReadonlyMap<string, string>,
  run: AdoptedRun,
): Driver {
  return adoptingDriver(connectEngine(address), address, incarnations, run);
}

/** Removes the helper containers that a run left which was killed. */
export function tidyEngine(address: EngineAddress, runPath: string): Promise<void> {
  return removeHelpersOf(connectEngine(address), runPath);
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

  const askInfo: (options: object) => Promise<{ ID?: string; NCPU?: number; MemTotal?: number }> =
    docker.info.bind(docker);

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
      const { ID } = await callAny((abortSignal) => askInfo({ abortSignal }), has('ID'));
      return ID ?? '';
    },
    async capacity() {
      const { NCPU, MemTotal } = await callAny((abortSignal) => askInfo({ abortSignal }), has('ID'));
      return { cpus: NCPU ?? Number.POSITIVE_INFINITY, memory: MemTotal ?? Number.POSITIVE_INFINITY };
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
    async update(id, { nanoCpus, cpuPeriod, cpuQuota, memory, memorySwap }) {
      const limits = {
        NanoCpus: nanoCpus,
        CpuPeriod: cpuPeriod,
        CpuQuota: cpuQuota,
        Memory: memory,
        MemorySwap: memorySwap,
      };
      await call((abortSignal) => docker.getContainer(id).update({ ...limits, abortSignal }));
    },
    async memoryUsed(id) {
      const { memory_stats }: { memory_stats: MemoryFigures } = await call((abortSignal) => {
        const options = { stream: false, 'one-shot': true, abortSignal } as const;
        return docker.getContainer(id).stats(options);
      });
      return heldBytes(memory_stats);
    },
    async commandLines(id) {
      const { Processes }: { Processes?: string[][] } = await call((abortSignal) =>
        docker.getContainer(id).top({ ps_args: '-eo pid,args', abortSignal }),
      );
      return (Processes ?? []).map((columns) => columns.at(-1) ?? '');
    },
    async execute(id, { args, env = {} }) {
      const attached = { Cmd: [...args], Env: pairs(env), Tty: true, AttachStdout: true, AttachStderr: true };
      return call(async (abortSignal) => {
        const exec = await docker.getContainer(id).exec({ ...attached, abortSignal });
        const said = await exec.start({ Tty: true, abortSignal });
        const output = (await text(said)).trim();
        const { ExitCode } = await exec.inspect({ abortSignal });
        return { exitCode: ExitCode ?? 0, output };
      });
    },
    async launch(id, { args, env = {} }) {
      await call(async (abortSignal) => {
        const exec = await docker.getContainer(id).exec({ Cmd: [...args], Env: pairs(env), abortSignal });
        await exec.start({ Detach: true, abortSignal });
      });
    },
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

/** `KEY=value`, as the engine wants an environment. */
function pairs(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
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
