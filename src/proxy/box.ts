import { bandwidth } from './bandwidth.ts';
import { blackHole } from './black-hole.ts';
import { httpAbort } from './http-abort.ts';
import { httpCorrupt } from './http-corrupt.ts';
import { httpStatus } from './http-status.ts';
import { latency } from './latency.ts';
import { loss } from './loss.ts';
import { partition } from './partition.ts';
import { reset } from './reset.ts';
import { slowClose } from './slow-close.ts';
import type { Toxic, ToxicSpec } from './toxic.ts';

/** The toxic that does what the spec says. A new kind is one file beside this one, a line here, and its name in toxicKinds. */
export function toxicOf(spec: ToxicSpec): Toxic {
  switch (spec.kind) {
    case 'partition':
      return partition(spec);
    case 'latency':
      return latency(spec);
    case 'loss':
      return loss(spec);
    case 'bandwidth':
      return bandwidth(spec);
    case 'reset':
      return reset(spec);
    case 'black_hole':
      return blackHole(spec);
    case 'slow_close':
      return slowClose(spec);
    case 'http_status':
      return httpStatus(spec);
    case 'http_corrupt':
      return httpCorrupt(spec);
    case 'http_abort':
      return httpAbort(spec);
  }
}
