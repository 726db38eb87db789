import type { Disturber, Json, Trace } from '../../../model/disturber.ts';
import { type Disturbance, peersOf } from '../../../model/fault-spec.ts';
import { z } from '../../../model/zod.ts';
import { type InspectedContainer, type ScriptResult, shortId } from '../engine.ts';
import { refusalFrom } from '../../one-kind.ts';
import type { NodeContainers } from '../node-containers.ts';
import type { NetMeans, Scene } from './means.ts';
import { complaint, type NetWay } from './way.ts';
import type { NetWays } from './ways.ts';

export interface NetHost {
  readonly containers: Pick<NodeContainers, 'inspect'>;
  readonly ways: NetWays;
  /** Of the helper container; null where none was named. */
  readonly image: string | null;
}

/**
 * A means of disturbing a network namespace, carried out in those of the nodes' containers. What is put there ends with
 * the namespace: a container that was started anew, or has ended, has nothing of it, and is not touched.
 */
export function netDisturber<Layout extends Json>(means: NetMeans<Layout>, host: NetHost): Disturber {
  const { containers, ways } = host;
  const schema = z.strictObject({
    container: z.string(),
    startedAt: z.string(),
    pid: z.number(),
    way: z.string(),
    image: z.string().nullable(),
    marker: z.string(),
    layout: means.layout,
  });
  const rehearsed = new Map<string, Promise<ScriptResult>>();

  async function sceneOf(node: string, spec: Disturbance): Promise<Omit<Scene, 'listed'>> {
    const self = await containers.inspect(node);
    if (self.usesHostNetwork) throw new Error(`${node} uses the network of the engine’s machine itself`);
    if (self.networkOf !== null) {
      throw new Error(`${node} uses the network of another container, ${shortId(self.networkOf)}`);
    }
    if (self.state === 'stopped') throw new Error(`${node} does not run`);
    const names = peersOf(spec);
    const peers = await Promise.all(names.map((name) => containers.inspect(name)));
    names.forEach((name, index) => {
      if (peers[index]?.networks.length === 0) throw new Error(`${name} has no address in a Docker network`);
      if (peers[index]?.id === self.id) throw new Error(`${name} cannot be cut off from itself`);
    });
    return { self, peers };
  }

  /** On the kernel in question, once for the same. A test that could not be made is made again. */
  function rehearse(way: NetWay, script: string): Promise<ScriptResult> {
    const key = `${way.says}\n${script}`;
    const result = rehearsed.get(key) ?? way.rehearse(script);
    rehearsed.set(key, result);
    result.catch(() => rehearsed.delete(key));
    return result;
  }

  /** @throws Error where it cannot be done, saying why */
  async function tried(node: string, spec: Disturbance): Promise<void> {
    const scene = await sceneOf(node, spec);
    const way = await ways.into(scene.self, host.image);
    const listed = await demand(way, scene.self, means.survey(scene.self), 'survey');
    const result = await rehearse(way, means.rehearsal(means.plan(spec, 'rehearsal', { ...scene, listed })));
    if (result.code !== 0)
      throw new Error(`the engine’s kernel or iptables cannot do it: ${complaint(result)}`);
  }

  /** The container as it was disturbed, and the way into it; null where it has gone, and the namespace with it. */
  async function still(node: string, prepared: z.output<typeof schema>) {
    const self = await containers.inspect(node);
    if (self.id !== prepared.container) {
      throw new Error(`${node} was container ${shortId(prepared.container)}, and is ${shortId(self.id)} now`);
    }
    if (self.state === 'stopped' || self.startedAt !== prepared.startedAt) return null;
    const way = await ways.into(self, host.image ?? prepared.image);
    const enter = (script: string) => demand(way, self, script, prepared.marker);
    return { self, way, enter };
  }

  async function see(node: string, prepared: z.output<typeof schema>): Promise<Trace> {
    const there = await still(node, prepared);
    const container = `container ${shortId(prepared.container)}`;
    if (there === null) {
      return {
        state: 'absent',
        evidence: `${container} was started anew, or has ended, and its network namespace with it`,
      };
    }
    const listed = await there.enter(means.listing(prepared.layout));
    const { state, found } = means.trace(prepared.layout, listed);
    return { state, evidence: `${means.means}: ${found}, in ${container} (${there.way.says})` };
  }

  return {
    means: means.means,
    kinds: means.kinds,

    refusal: (node, spec) => refusalFrom(tried(node, spec)),

    async prepare(node, spec, marker) {
      const scene = await sceneOf(node, spec);
      const { self } = scene;
      const way = await ways.into(self, host.image);
      const listed = await demand(way, self, means.survey(self), marker);
      const layout = means.layout.parse(means.plan(spec, marker, { ...scene, listed }));
      const { id: container, startedAt, pid } = self;
      return { container, startedAt, pid, way: way.name, image: host.image, marker, layout };
    },

    async apply(node, _spec, json) {
      const prepared = schema.parse(json);
      const there = await still(node, prepared);
      if (there === null) throw new Error(`${node} was started anew, or has ended, since this was prepared`);
      await there.enter(means.applying(prepared.layout));
    },

    async remove(node, _spec, json) {
      const prepared = schema.parse(json);
      await ways.settle(prepared.marker);
      const there = await still(node, prepared);
      if (there === null) return;
      const script = means.removing(prepared.layout, await there.enter(means.listing(prepared.layout)));
      if (script !== null) await there.enter(script);
    },

    async look(node, _spec, json) {
      const prepared = schema.parse(json);
      const seen = await see(node, prepared);
      if (seen.state !== 'absent') return seen;
      const atWork = await ways.atWork(prepared.marker);
      if (atWork !== null) return { state: 'partial', evidence: `${seen.evidence}; ${atWork}` };
      // What was at work until just now may have done it after the first look.
      return see(node, prepared);
    },
  };
}

/** @throws Error where the script fails, in its own words */
async function demand(
  way: NetWay,
  container: InspectedContainer,
  script: string,
  marker: string,
): Promise<string> {
  const result = await way.enter(container, script, marker);
  if (result.code !== 0) throw new Error(`in container ${shortId(container.id)}: ${complaint(result)}`);
  return result.stdout;
}
