import type { HttpWorkload } from '../model/workload.ts';
import { ConnectionPool, type HttpPool } from './http-pool.ts';
import { StreamPool } from './http2-pool.ts';
import type { readTls, TlsMaterial } from './tls.ts';

/** How requests come to a node. */
export interface HttpTransport {
  readonly version: HttpWorkload['http_version'];
  readonly tls: TlsMaterial;
}

export interface HttpWorkloads {
  /** The one that needs no name. */
  readonly workload: HttpWorkload;
  readonly workloads: Readonly<Record<string, HttpWorkload>>;
}

/** That of each workload, by its name; one without TLS options has those of the workload that needs no name. */
export function transportsOf(
  { workload, workloads }: HttpWorkloads,
  read: typeof readTls,
): ReadonlyMap<string | null, HttpTransport> {
  const own = read(workload.tls);
  return new Map(
    [[null, workload] as const, ...Object.entries(workloads)].map(
      ([name, { http_version: version, tls }]) => [
        name,
        { version, tls: tls === undefined || tls === workload.tls ? own : read(tls) },
      ],
    ),
  );
}

export function openPool(origin: string, { version, tls }: HttpTransport, maxInFlight: number): HttpPool {
  return version === 2
    ? new StreamPool(origin, { tls, streams: maxInFlight })
    : new ConnectionPool(origin, tls);
}
