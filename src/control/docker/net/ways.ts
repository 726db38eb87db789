import { type Engine, EngineRefusal, type InspectedContainer, shortId } from '../engine.ts';
import { helperOf, helperWay, removeHelpers } from './helper-way.ts';
import { running, scriptsEnded } from './late-scripts.ts';
import { enterByPid, limitMs, nsenterWay } from './nsenter-way.ts';
import { complaint, type NetWay, toolProbe } from './way.ts';

/** Finds the way into a container's network namespace. */
export interface NetWays {
  /**
   * nsenter where it works, else a helper container.
   * @param image Of the helper container; null where none was named
   * @throws Error where there is none, as a clause with what to do
   */
  into(container: InspectedContainer, image: string | null): Promise<NetWay>;
  /** What a process that was killed still has at work under that marker, in words; null where there is nothing. */
  atWork(marker: string): Promise<string | null>;
  /** Ends, or waits for, whatever a process that was killed still has at work under that marker. */
  settle(marker: string): Promise<void>;
}

/**
 * @param isLocal Whether the engine is reached as one of this machine; that it really is, the pids show.
 * @param runPath The directory of the run that helpers are for, absolute; null where there is none
 */
export function netWays(engine: Engine, isLocal: boolean, runPath: string | null): NetWays {
  const known = new Map<string, NetWay>();

  async function find(container: InspectedContainer, image: string | null): Promise<NetWay> {
    const entered = isLocal
      ? await enterByPid(container, toolProbe, 'probe')
      : { code: 1, stdout: '', stderr: 'the engine is on another machine' };
    if (entered.code === 0) return nsenterWay(entered.stdout.trim());
    const advice = `it takes orch as root on the engine’s machine, with iptables and iproute2 (${complaint(entered)}), or an image with both of them as control.docker.net_image`;
    if (image === null) throw new Error(advice);
    const helped = await helperWay(engine, image, '', runPath)
      .rehearse(toolProbe)
      .catch((thrown: unknown) => {
        if (!(thrown instanceof EngineRefusal)) throw thrown;
        return { code: 1, stdout: '', stderr: thrown.message };
      });
    if (helped.code === 0) return helperWay(engine, image, helped.stdout.trim(), runPath);
    throw new Error(`${advice}, where ${image} does not do (${complaint(helped)})`);
  }

  return {
    async into(container, image) {
      const key = `${container.id} ${container.startedAt} ${image}`;
      const way = known.get(key) ?? (await find(container, image));
      known.set(key, way);
      return way;
    },
    async atWork(marker) {
      const pid = running(marker);
      if (pid !== null) return `process ${pid} is at work on it`;
      const helper = await helperOf(engine, marker);
      return helper === null ? null : `helper container ${shortId(helper)} is there for it`;
    },
    async settle(marker) {
      await removeHelpers(engine, marker);
      await scriptsEnded(marker, limitMs);
    },
  };
}
