import type { Disturber } from '../../model/disturber.ts';
import type { FindNode } from './embedded-node.ts';
import { processCpuStress } from './cpu-stress.ts';
import { processDiskFill } from './disk-fill.ts';
import { processCpuLimit, processMemoryLimit } from './limits.ts';
import { processOomKiller } from './oom.ts';

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
