import type { Disturber } from '../model/disturber.ts';
import type { NodeContainers } from './docker-node-containers.ts';
import { dockerCpuLimit } from './docker-cpu-limit.ts';
import { dockerCpuStress } from './docker-cpu-stress.ts';
import { dockerDiskFill } from './docker-disk-fill.ts';
import { dockerMemoryLimit } from './docker-memory-limit.ts';
import { dockerOomKiller } from './docker-oom.ts';

/** What disturbs a container by its resources. */
export function dockerResourceDisturbers(containers: NodeContainers): readonly Disturber[] {
  return [
    dockerCpuLimit(containers),
    dockerCpuStress(containers),
    dockerMemoryLimit(containers),
    dockerDiskFill(containers),
    dockerOomKiller(containers),
  ];
}
