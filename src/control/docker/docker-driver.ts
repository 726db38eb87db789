import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeSpec } from '../../model/node.ts';
import { type EngineAddress, engineUrl, isLocal } from './address.ts';
import { crash } from './crash.ts';
import { dockerNetDisturbers } from './net/disturbers.ts';
import { type Engine, EngineRefusal, type InspectedContainer, shortId } from './engine.ts';
import { isUnknown, nodeContainers, vanished } from './node-containers.ts';
import { checkAddress, matchNodes, withInside } from './nodes.ts';
import { dockerResourceDisturbers } from './resources.ts';
import type { Driver, EngineMark, KillHow, Sighting } from '../driver.ts';
import { type Power, wrongState } from '../powers.ts';

const noticeLimitMs = 2_000;
const roundMs = 20;

export interface DockerOptions {
  readonly address: EngineAddress;
  /** The compose project whose services the nodes are. */
  readonly project: string;
  /** control.docker.net_image: of the helper that disturbs a container's network where nsenter will not do. */
  readonly netImage?: string | undefined;
  /** The directory of the run, absolute: what is left of its helpers is known by it; null where there is none. */
  readonly runPath?: string | null;
}

/**
 * Nodes that are containers of a compose project. A container is found once, by its labels, at `open`; from then on
 * its id counts, so that what replaces it in mid-run is never touched.
 */
export function dockerDriver(engine: Engine, options: DockerOptions): Driver {
  const { address, project, netImage, runPath = null } = options;
  const isHere = isLocal(address);
  const where = { address: engineUrl(address), isHere, project, netImage, runPath, mark: null };
  return driverOf(engine, new Map(), where);
}

/** The run whose journal is followed. */
export interface AdoptedRun {
  /** The engine that it used, where its journal says so. */
  readonly mark: EngineMark | undefined;
  /** Its directory, absolute. */
  readonly runPath: string;
}

/**
 * For undoing: reaches the very containers that a journal names, by node, and no others. It is not opened. That a
 * container is gone is believed of the engine alone that the journal names.
 */
export function adoptingDriver(
  engine: Engine,
  address: EngineAddress,
  incarnations: ReadonlyMap<string, string>,
  { mark, runPath }: AdoptedRun,
): Driver {
  const ids = [...incarnations].map(
    ([node, incarnation]) => [node, incarnation.split('@')[0] ?? ''] as const,
  );
  const where = { address: engineUrl(address), isHere: isLocal(address), project: '', mark: mark ?? null };
  return driverOf(engine, new Map(ids), { ...where, netImage: undefined, runPath });
}

interface Whereabouts {
  readonly address: string;
  /** Whether the engine is reached as one of this machine. */
  readonly isHere: boolean;
  readonly project: string;
  readonly netImage: string | undefined;
  readonly runPath: string | null;
  mark: EngineMark | null;
}

function driverOf(engine: Engine, ids: Map<string, string>, where: Whereabouts): Driver {
  const containers = nodeContainers(engine, ids, () => where.mark);
  const { idOf, inspect } = containers;

  async function observe(node: string): Promise<Sighting> {
    return sightingOf(await inspect(node));
  }

  async function use(power: Power, node: string, graceMs?: number): Promise<void> {
    const id = idOf(node);
    try {
      await engine.use(power, id, graceMs);
    } catch (thrown) {
      if (!(thrown instanceof EngineRefusal)) throw thrown;
      if (isUnknown(thrown)) throw vanished(node, id);
      // The engine's codes for a wrong state are many (304, 409, 500); the state itself says more than they do.
      const wrong = wrongState(power, node, await observe(node));
      throw (
        wrong ?? new Error(`the engine refused to ${power} ${node}: ${thrown.message}`, { cause: thrown })
      );
    }
  }

  async function kill(node: string, how: KillHow): Promise<void> {
    if (how === 'api') return use('kill', node);
    const container = await inspect(node);
    const wrong = wrongState('kill', node, sightingOf(container));
    if (wrong !== undefined) throw wrong;
    const obstacle = crash(container);
    if (obstacle === null) {
      await thaw(container);
      return notices(node, container);
    }
    if (how === 'crash') throw new Error(`cannot crash ${node}: ${obstacle}`);
    return use('kill', node);
  }

  /** A frozen process dies once it goes on. Where it was dead before, the engine refuses, and all is well. */
  async function thaw({ id, state }: InspectedContainer): Promise<void> {
    if (state !== 'paused') return;
    await engine.use('unpause', id).catch((thrown: unknown) => {
      if (!(thrown instanceof EngineRefusal)) throw thrown;
    });
  }

  /** The engine's own kill is answered when the container has ended; after a crash this waits for the same. */
  async function notices(node: string, before: InspectedContainer): Promise<void> {
    const deadlineMs = performance.now() + noticeLimitMs;
    const isLater = ({ state, startedAt }: InspectedContainer) =>
      state === 'stopped' || startedAt !== before.startedAt;
    while (!isLater(await inspect(node)) && performance.now() < deadlineMs) await sleep(roundMs);
  }

  return {
    name: 'docker',
    get engine() {
      return where.mark;
    },
    disturbers: [
      ...dockerNetDisturbers({
        engine,
        containers,
        isLocal: where.isHere,
        image: where.netImage,
        runPath: where.runPath,
      }),
      ...dockerResourceDisturbers(containers),
    ],
    async open(nodes) {
      where.mark = { address: where.address, id: await engine.id() };
      const managed = nodes.filter((node) => node.managed);
      const opened = new Map<string, NodeSpec>();
      for (const { node, id } of matchNodes(managed, await engine.list(), where.project)) {
        const container = await engine.inspect(id);
        checkAddress(node, container);
        ids.set(node.name, id);
        opened.set(node.name, withInside(node, container));
      }
      return nodes.map((node) => opened.get(node.name) ?? node);
    },
    observe,
    kill,
    stop: (node, graceMs) => use('stop', node, graceMs),
    start: (node) => use('start', node),
    pause: (node) => use('pause', node),
    unpause: (node) => use('unpause', node),
    // Connections are made per call, and the containers are not ours to end.
    close: () => Promise.resolve(),
  };
}

function sightingOf({ id, state, startedAt, evidence }: InspectedContainer): Sighting {
  return { state, incarnation: `${id}@${startedAt}`, evidence: `container ${shortId(id)} ${evidence}` };
}
