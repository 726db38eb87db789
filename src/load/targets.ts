import type { Config } from '../model/config.ts';
import type { NodeKind, NodeSpec } from '../model/node.ts';
import { openTarget } from '../target/open-target.ts';
import type { Target } from '../target/target.ts';

/** A target for each kind of node, connected ahead where that is of use. */
export async function targetsOf(
  nodes: readonly NodeSpec[],
  config: Config,
  seed: number,
): Promise<ReadonlyMap<NodeKind, Target>> {
  const targets = new Map<NodeKind, Target>();
  for (const [kind, ofKind] of Map.groupBy(nodes, (node) => node.kind)) {
    const target = await openTarget(kind, config, seed);
    targets.set(kind, target);
    await target.open(ofKind);
  }
  return targets;
}
