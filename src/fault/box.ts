import type { FaultKind } from '../model/fault-spec.ts';
import type { Fault } from './fault.ts';
import { kill } from './kill.ts';
import {
  bandwidth,
  blackHole,
  dnsFailure,
  httpAbort,
  httpCorrupt,
  httpStatus,
  latency,
  loss,
  partition,
  reset,
  slowClose,
} from './network.ts';
import { oomKill } from './oom-kill.ts';
import { pause } from './pause.ts';
import { cpuLimit, cpuStress, diskFill, memoryLimit } from './resources.ts';
import { restart } from './restart.ts';
import { stop } from './stop.ts';

/** The box of faults. A new kind is one file beside this one, or a line in one, a line here, and its parameters in the model. */
export const faults: Readonly<Record<FaultKind, Fault>> = {
  kill,
  stop,
  pause,
  restart,
  partition,
  latency,
  loss,
  bandwidth,
  reset,
  black_hole: blackHole,
  slow_close: slowClose,
  http_status: httpStatus,
  http_corrupt: httpCorrupt,
  http_abort: httpAbort,
  cpu_limit: cpuLimit,
  cpu_stress: cpuStress,
  memory_limit: memoryLimit,
  oom_kill: oomKill,
  disk_fill: diskFill,
  dns_failure: dnsFailure,
};
