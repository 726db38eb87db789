import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OrchError } from '../../model/errors.ts';
import { type Address, addressOf, type NodeSpec } from '../../model/node.ts';
import type { Driver, Sighting, WayTo } from '../driver.ts';
import { demoEntry } from './demo-service.ts';
import { embeddable, embeddedAt } from './embedded-address.ts';
import { EmbeddedProcess } from './embedded-process.ts';
import { endLeftOver } from './left-over.ts';
import { becomesFree, choosePorts, freePort, isFree } from '../ports.ts';
import { type Power, unknownNode, wrongState } from '../powers.ts';
import { processResourceDisturbers } from './resources.ts';
import { addressLock, holderOf } from '../lock.ts';
import { httpRecipe, type Recipe, redisRecipe } from './recipes.ts';
import { findRedisServer, type RedisServerOptions } from './redis-server.ts';

const readyLimitMs = 10_000;
const portLimitMs = 2_000;
const endLimitMs = 2_000;
const attempts = 3;

export interface ProcessOptions extends RedisServerOptions {
  /** Where the nodes have their homes. It is made by `open` and removed by `close`. */
  readonly directory: string;
  /** What HTTP nodes run; default: the demo service that comes with orch. */
  readonly serviceEntry?: string;
}

/**
 * Embedded nodes: child processes on this machine, HTTP ones of the demo service and Redis ones of a real redis-server.
 * They take the ports of their configured addresses where those are free, and others where not; `open` returns the
 * addresses that they have. Credentials are dropped from these: embedded nodes ask for none.
 */
export function createProcessDriver(options: ProcessOptions): Driver {
  return new ProcessDriver(options);
}

interface Embedded {
  readonly recipe: Recipe;
  readonly port: number;
  /** The latest. */
  readonly life: EmbeddedProcess;
}

class ProcessDriver implements Driver {
  readonly name = 'process';
  readonly engine = null;
  readonly disturbers = processResourceDisturbers((node) => this.#of(node).life.node);
  readonly #options: ProcessOptions;
  readonly #nodes = new Map<string, Embedded>();
  readonly #lives = new Set<EmbeddedProcess>();
  #isOpen = false;
  #closing: Promise<void> | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  /** @throws OrchError `redis-server-missing`, `node-not-serving`, `driver-unavailable`; nothing is left running then. */
  async open(
    nodes: readonly NodeSpec[],
    wayTo: WayTo = async (_, node) => addressOf(node),
  ): Promise<readonly NodeSpec[]> {
    const managed = nodes.filter((node) => node.managed);
    managed.forEach(embeddable);
    if (managed.some((node) => node.kind === 'redis')) findRedisServer(this.#options);
    this.#isOpen = true;
    try {
      const wanted = managed.map((node) => addressOf(node).port);
      // Where another run has taken its node down, its port is free, but not for long.
      const isTaken = async (index: number) => {
        const node = managed[index];
        const lock = node && addressLock(embeddedAt(node, wanted[index] ?? 0).url);
        return lock !== undefined && (await holderOf(lock)) !== undefined;
      };
      const ports = await choosePorts(wanted, isTaken);
      const opened = new Map<string, NodeSpec>();
      const begin = async (node: NodeSpec, primaryAt?: Address) =>
        opened.set(node.name, await this.#embed(node, ports[managed.indexOf(node)] ?? 0, primaryAt));
      await Promise.all(
        managed.filter(({ replicaOf }) => replicaOf === undefined).map((node) => begin(node)),
      );
      // A replica is told where its primary came to be.
      const follow = async (node: NodeSpec, name: string) => {
        const primary = opened.get(name);
        if (primary === undefined) throw unknownNode(name, opened.keys());
        await begin(node, await wayTo(node, primary));
      };
      await Promise.all(
        managed.flatMap((node) => (node.replicaOf === undefined ? [] : [follow(node, node.replicaOf)])),
      );
      if (this.#closing !== undefined) throw closed();
      return nodes.map((node) => opened.get(node.name) ?? node);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async observe(node: string): Promise<Sighting> {
    return this.#of(node).life.look();
  }

  async kill(node: string): Promise<void> {
    const life = this.#usable('kill', node);
    life.signal('SIGKILL');
    await life.ends(endLimitMs);
  }

  async stop(node: string, graceMs: number): Promise<void> {
    const life = this.#usable('stop', node);
    if (!(await life.end(graceMs))) throw new Error(`${node} survived SIGKILL: ${life.look().evidence}`);
  }

  /** On the port that the node had before. */
  async start(node: string): Promise<void> {
    this.#usable('start', node);
    const { recipe, port } = this.#of(node);
    if (!(await becomesFree(port, portLimitMs))) {
      throw new Error(`cannot start ${node}: its port ${port} was taken by another process meanwhile`);
    }
    await this.#begin(node, recipe, port);
  }

  async pause(node: string): Promise<void> {
    this.#usable('pause', node).signal('SIGSTOP');
  }

  async unpause(node: string): Promise<void> {
    this.#usable('unpause', node).signal('SIGCONT');
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await Promise.all([...this.#lives].map((life) => life.end(endLimitMs)));
    // What disturbs a node outlives it where nobody undid that.
    await endLeftOver(this.#options.directory);
  }

  async #embed(node: NodeSpec, usual: number, primaryAt: Address | undefined): Promise<NodeSpec> {
    let port = usual;
    for (let attempt = 1; ; attempt += 1) {
      const life = await this.#begin(node.name, await this.#recipe(node, port, primaryAt), port);
      if (await life.becomesReady(readyLimitMs)) return embeddedAt(node, port);
      // Between the look at a port and the node's own use of it, another process may take it.
      const lostPort = life.look().state === 'stopped' && !(await isFree(port));
      if (!lostPort || attempt === attempts) throw notReady(node, life);
      port = await freePort();
    }
  }

  async #recipe(node: NodeSpec, port: number, primaryAt: Address | undefined): Promise<Recipe> {
    const { serviceEntry = demoEntry } = this.#options;
    const home = join(this.#options.directory, node.name);
    await mkdir(home, { recursive: true });
    if (node.kind === 'http') return httpRecipe(serviceEntry, node.name, home, port);
    return redisRecipe(findRedisServer(this.#options), home, port, primaryAt);
  }

  async #begin(node: string, recipe: Recipe, port: number): Promise<EmbeddedProcess> {
    if (!this.#isOpen || this.#closing !== undefined) throw closed();
    const life = await EmbeddedProcess.start(recipe);
    this.#lives.add(life);
    this.#nodes.set(node, { recipe, port, life });
    return life;
  }

  #of(node: string): Embedded {
    const embedded = this.#nodes.get(node);
    if (embedded === undefined) throw unknownNode(node, this.#nodes.keys());
    return embedded;
  }

  #usable(power: Power, node: string): EmbeddedProcess {
    const { life } = this.#of(node);
    const wrong = wrongState(power, node, life.look());
    if (wrong !== undefined) throw wrong;
    return life;
  }
}

function closed(): Error {
  return new Error('the process driver is closed');
}

function notReady(node: NodeSpec, life: EmbeddedProcess): OrchError {
  const { state, evidence } = life.look();
  const what =
    state === 'stopped' ? 'ended before it was ready' : `was not ready within ${readyLimitMs / 1000} s`;
  const why = life.lastWords() ?? evidence;
  return new OrchError('node-not-serving', `embedded node ${node.name} ${what}: ${why}`);
}
