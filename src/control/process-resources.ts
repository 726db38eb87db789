import type { Disturber } from '../model/disturber.ts';
import type { FindNode } from './embedded-node.ts';
import { processCpuStress } from './process-cpu-stress.ts';
import { processDiskFill } from './process-disk-fill.ts';
import { processCpuLimit, processMemoryLimit } from './process-limits.ts';
import { processOomKiller } from './process-oom.ts';

/** What disturbs an embedded node by its resources. */
export function processResourceDisturbers(find: FindNode): readonly Disturber[] {
  return [
    processCpuLimit(find),
    processCpuStress(find),
    processMemoryLimit(find),
    processDiskFill(find),
    processOomKiller(find),
  ];
}
