import type { Config } from '../model/config.ts';
import { isManyNodes, redisEndpoint } from '../model/redis-endpoint.ts';
import type { Labels, NodeKind, NodeSpec } from '../model/node.ts';

/** The nodes that `orch demo`, the shipped docker-compose.yml and the process driver all know. */
const demoNodes: ReadonlyMap<string, string> = new Map([
  ['http://127.0.0.1:8001', 'service-node-1'],
  ['http://127.0.0.1:8002', 'service-node-2'],
  ['http://127.0.0.1:8003', 'service-node-3'],
  ['redis://127.0.0.1:6379', 'redis-node-1'],
  ['redis://127.0.0.1:6380', 'redis-node-2'],
]);

const demoNames: ReadonlySet<string> = new Set(demoNodes.values());

/** Whether a service is one that the process driver can embed. */
export function isDemoService(name: string): boolean {
  return demoNames.has(name);
}

/** All nodes of a config, HTTP first. Without service names, nodes of the default addresses still have the demo's. */
export function nodesOf(config: Config): readonly NodeSpec[] {
  const nodes = [
    ...kindNodes('http', config.http_nodes, config.http_services),
    ...kindNodes('redis', config.redis_nodes, config.redis_services),
  ];
  const { replicas } = config.control.process;
  return nodes.map((node) => {
    const replicaOf = replicas[node.name];
    const labelled = withLabels(node, config.nodes[node.name]?.labels ?? {});
    return replicaOf === undefined ? labelled : { ...labelled, replicaOf };
  });
}

/** The kind of node that each named workload is for. */
export function workloadKinds({ workloads }: Config): ReadonlyMap<string, NodeKind> {
  return new Map(
    Object.entries(workloads).map(([name, { http }]) => [name, http === undefined ? 'redis' : 'http']),
  );
}

/** The node with these labels too; its own come first. */
export function withLabels(node: NodeSpec, labels: Labels): NodeSpec {
  const all = { ...labels, ...node.labels };
  return Object.keys(all).length === 0 ? node : { ...node, labels: all };
}

function kindNodes(
  kind: NodeKind,
  urls: readonly string[],
  services: readonly string[] | undefined,
): NodeSpec[] {
  const isDefault = services === undefined && urls.every((url) => demoNodes.has(url));
  const single = urls.filter((url) => !isManyNodes(url));
  return urls.map((url) => {
    const service = isDefault ? demoNodes.get(url) : services?.[single.indexOf(url)];
    return { name: service ?? nameOf(url), kind, url, managed: service !== undefined };
  });
}

/** `127.0.0.1:6379`; what stands for several nodes has a name that none of them can have: `cluster@127.0.0.1:7000`. */
function nameOf(url: string): string {
  const { host } = new URL(url);
  if (!isManyNodes(url)) return host;
  const { kind, master } = redisEndpoint(url);
  return `${kind === 'sentinel' ? master : kind}@${host}`;
}
