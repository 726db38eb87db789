import type { NodeKind } from '../model/node.ts';
import type { Target } from '../target/target.ts';
import { LoadAgent } from './agent.ts';
import type { StartLoad } from './generator.ts';
import { LoopDelayMeter } from './loop-delay.ts';

/** Load that the thread makes which also keeps the run's clock. */
export function inThisThread(targets: ReadonlyMap<NodeKind, Target>): StartLoad {
  return (context) => {
    const { metrics } = context;
    const delay = new LoopDelayMeter();
    const loopDelay = () => delay.summary;
    return new LoadAgent({ ...context, targets, loopDelay, record: (record) => metrics.append(record) });
  };
}
