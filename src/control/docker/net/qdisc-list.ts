import { z } from '../../../model/zod.ts';

const schema = z.array(
  z.object({
    kind: z.string(),
    /** `8001:`; `0:` of one that the kernel attached by itself. */
    handle: z.string(),
    dev: z.string().optional(),
    root: z.boolean().optional(),
    options: z.record(z.string(), z.unknown()).default({}),
  }),
);

/** The root qdisc of an interface: what shapes all that leaves by it. */
export interface RootQdisc {
  readonly device: string;
  readonly kind: string;
  /** In hexadecimal; `0` where nobody but the kernel set it. */
  readonly handle: string;
  /** In the words of `tc`. */
  readonly shown: string;
}

/**
 * Reads `tc -j qdisc show`: the root qdiscs of all interfaces but loopback and those that are down.
 * @throws Error where it is not what tc prints
 */
export function rootQdiscs(json: string): readonly RootQdisc[] {
  return schema
    .parse(JSON.parse(json))
    .filter(({ root, dev, kind }) => root === true && dev !== undefined && dev !== 'lo' && kind !== 'noop')
    .map(({ dev, kind, handle, options }) => ({
      device: dev ?? '',
      kind,
      handle: handle.replace(/:$/, ''),
      shown: `${kind} ${handle} on ${dev} ${JSON.stringify(options)}`,
    }));
}

/** Whether the kernel attached it by itself, whatever its default is (noqueue, pfifo_fast, fq_codel, mq …). */
export function isDefault({ handle }: RootQdisc): boolean {
  return handle === '0';
}
