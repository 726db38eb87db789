import type { Disturbance, DisturbanceKind } from '../../../model/fault-spec.ts';
import { z } from '../../../model/zod.ts';
import { markOf } from './mark.ts';
import type { NetMeans } from './means.ts';
import { isDefault, type RootQdisc, rootQdiscs } from './qdisc-list.ts';

const layout = z.strictObject({
  handle: z.string().regex(/^[0-9a-f]+$/),
  interfaces: z
    .array(z.string().regex(/^[\w.-]+$/))
    .min(1)
    .readonly(),
  /** `tbf rate 1000000bit …`, as `tc qdisc add` takes it. */
  qdisc: z.string().regex(/^[\w. %]+$/),
});
export type QdiscLayout = z.output<typeof layout>;

/** Packets that wait at most: the default of 1,000 would lose some of a busy node's, delayed by a second. */
const netemLimit = 100_000;

/** What `tc qdisc add` is told; null where the qdisc is not for that kind of fault. */
export function netemOf(spec: Disturbance): string | null {
  if (spec.kind === 'latency')
    return `netem limit ${netemLimit} delay ${spec.latency_ms}ms ${spec.jitter_ms}ms`;
  if (spec.kind === 'loss') return `netem limit ${netemLimit} loss ${(spec.share * 100).toFixed(6)}%`;
  return null;
}

/** A bucket of 10 ms, and of two packets at least; what would wait for more than 200 ms is lost, and sent again. */
export function tbfOf(spec: Disturbance): string | null {
  if (spec.kind !== 'bandwidth') return null;
  const bits = Math.max(Math.round(spec.rate_kbit * 1000), 1);
  const burst = Math.max(Math.ceil(bits / 8 / 100), 3200);
  return `tbf rate ${bits}bit burst ${burst} latency 200ms`;
}

/** By the root qdisc of each of the node's interfaces: it acts on what the node sends. */
export function qdiscMeans(
  means: string,
  kinds: readonly DisturbanceKind[],
  qdiscOf: (spec: Disturbance) => string | null,
): NetMeans<QdiscLayout> {
  const list = () => 'tc -j qdisc show';
  return {
    means,
    kinds,
    layout,
    survey: list,
    plan(spec, marker, { listed }) {
      const qdisc = qdiscOf(spec);
      if (qdisc === null) throw new Error(`${means} is not for ${spec.kind}`);
      const roots = rootQdiscs(listed);
      if (roots.length === 0) throw new Error('it has no network interface but loopback');
      const foreign = roots.filter((root) => !isDefault(root));
      if (foreign.length > 0) {
        throw new Error(`a root qdisc is there already, and is not touched: ${shown(foreign)}`);
      }
      return { handle: markOf(marker).handle, interfaces: roots.map(({ device }) => device), qdisc };
    },
    rehearsal: ({ handle, qdisc }) => add('lo', handle, qdisc),
    applying: ({ interfaces, handle, qdisc }) => all(interfaces.map((device) => add(device, handle, qdisc))),
    listing: list,
    trace(planned, listed) {
      const roots = rootQdiscs(listed).filter(({ device }) => planned.interfaces.includes(device));
      const own = ownOf(planned, roots);
      if (own.length === planned.interfaces.length) return { state: 'present', found: shown(own) };
      if (own.length > 0) return { state: 'partial', found: `only ${shown(own)}` };
      const foreign = roots.filter((root) => !isDefault(root));
      if (foreign.length > 0) return { state: 'foreign', found: `in its place ${shown(foreign)}` };
      return { state: 'absent', found: `no qdisc ${planned.handle}:` };
    },
    removing(planned, listed) {
      const own = ownOf(planned, rootQdiscs(listed));
      // The kernel compares the handle, so that what came in its place meanwhile is left alone.
      const steps = own.map(({ device }) => `tc qdisc del dev ${device} root handle ${planned.handle}:`);
      return steps.length === 0 ? null : all(steps);
    },
  };
}

function add(device: string, handle: string, qdisc: string): string {
  return `tc qdisc add dev ${device} root handle ${handle}: ${qdisc}`;
}

function ownOf({ handle, qdisc }: QdiscLayout, roots: readonly RootQdisc[]): readonly RootQdisc[] {
  return roots.filter((root) => root.handle === handle && qdisc.startsWith(`${root.kind} `));
}

function shown(roots: readonly RootQdisc[]): string {
  return `qdisc ${roots.map((root) => root.shown).join(', ')}`;
}

function all(steps: readonly string[]): string {
  return steps.join(' && ');
}
