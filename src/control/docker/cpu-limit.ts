import type { Disturber } from '../../model/disturber.ts';
import { leastQuotaUs, periodUs } from '../cgroup-limits.ts';
import { type NodeContainers, unlessGone } from './node-containers.ts';
import type { ContainerLimits } from './engine.ts';
import { cpusIn } from './kernel.ts';
import { limitChange, lookAtLimits, takeBackLimits } from './limits.ts';
import { disturberOf, refusalFrom, type SpecOf } from '../one-kind.ts';

/**
 * Less processors' time, by the engine's update. Where the container has a limit in billionths of a processor, the
 * engine refuses quota and period, so it is changed in kind; else the quota alone is, within the period that there is.
 */
export function dockerCpuLimit(containers: NodeContainers): Disturber {
  const prepare = async (node: string, { cpus }: SpecOf<'cpu_limit'>) => {
    const { id, limits } = await containers.inspect(node);
    const all = (await containers.engine.capacity()).cpus;
    const now = Math.min(cpusIn(limits) ?? all, all);
    if (cpus >= now) throw new Error(`${node} may use no more than ${now} processors as it is`);
    return { container: id, ...changeOf(node, limits, cpus) };
  };
  return disturberOf({
    means: 'cpu-quota',
    kind: 'cpu_limit',
    prepared: limitChange,
    refusal: (node, spec) => refusalFrom(prepare(node, spec)),
    prepare,
    async apply(_node, { container, wanted }) {
      await containers.engine.update(container, wanted);
    },
    remove: (node, change) => unlessGone(takeBackLimits(containers, node, change)),
    look: (node, change) => lookAtLimits(containers, node, change),
  });
}

function changeOf(node: string, { nanoCpus, cpuQuota, cpuPeriod }: ContainerLimits, cpus: number) {
  if (nanoCpus > 0) return { before: { nanoCpus }, wanted: { nanoCpus: Math.round(cpus * 1e9) } };
  const quota = Math.round(cpus * (cpuPeriod || periodUs));
  if (quota < leastQuotaUs) {
    throw new Error(
      `${node} has a period of ${cpuPeriod} µs: ${cpus} processors are ${quota} µs of it, and the kernel’s least is ${leastQuotaUs} µs`,
    );
  }
  return { before: { cpuQuota }, wanted: { cpuQuota: quota } };
}
