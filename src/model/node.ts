/** A node under test: an address that takes load and, where a driver reaches it, faults. */
export type NodeKind = 'http' | 'redis';

/** What a run loads. A scenario's `all_nodes` means the nodes of this kind. */
export type Mode = NodeKind;

export type Labels = Readonly<Record<string, string>>;

export interface NodeSpec {
  /** The service's name where it has one, else `host:port`. Stands in the `node` column of metrics.csv. */
  readonly name: string;
  readonly kind: NodeKind;
  /** `http://host:port[/path]` or `redis://[:password@]host:port[/db]`. */
  readonly url: string;
  /** True where config.yaml gives the node a service name, so that a driver can look for it. */
  readonly managed: boolean;
  /** Those that config.yaml gives it and, of its container's, those that a target of the scenario asks for. */
  readonly labels?: Labels;
  /** Where the other nodes reach it, if that is not at its url: in the network of containers. */
  readonly inside?: Address;
  /** Where it reaches other nodes, by their names, if that is not where all others do: through the fault proxy. */
  readonly peersAt?: Readonly<Record<string, Address>>;
  /** The name of the node that it replicates where orch itself starts it: an embedded Redis node. */
  readonly replicaOf?: string;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where a node's url leads. */
export function addressOf({ kind, url }: NodeSpec): Address {
  const { protocol, hostname, port } = new URL(url);
  const usual = { http: protocol === 'https:' ? 443 : 80, redis: 6379 }[kind];
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? usual : Number(port) };
}
