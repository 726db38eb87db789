import type { Disturber } from '../../model/disturber.ts';
import type { NodeContainers } from './node-containers.ts';
import { dockerCpuLimit } from './cpu-limit.ts';
import { dockerCpuStress } from './cpu-stress.ts';
import { dockerDiskFill } from './disk-fill.ts';
import { dockerMemoryLimit } from './memory-limit.ts';
import { dockerOomKiller } from './oom.ts';

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
