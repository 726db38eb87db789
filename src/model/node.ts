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
}
