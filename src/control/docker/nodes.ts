import { OrchError } from '../../model/errors.ts';
import { addressOf, type NodeSpec } from '../../model/node.ts';
import { type InspectedContainer, type ListedContainer, shortId } from './engine.ts';

/** The containers that are a project's service: by labels, in all states, `docker compose run` ones left out. */
export function containersOf(
  containers: readonly ListedContainer[],
  project: string,
  service: string,
): readonly ListedContainer[] {
  return containers.filter((one) => one.project === project && one.service === service && !one.oneOff);
}

export interface MatchedNode {
  readonly node: NodeSpec;
  readonly id: string;
}

/**
 * The one container of each node.
 * @throws OrchError `container-ambiguous`, listing for every node that has none or several what was found instead.
 */
export function matchNodes(
  nodes: readonly NodeSpec[],
  containers: readonly ListedContainer[],
  project: string,
): readonly MatchedNode[] {
  const matched: MatchedNode[] = [];
  const mismatches: string[] = [];
  const details: string[] = [];
  let missing = false;
  for (const node of nodes) {
    const { name } = node;
    const found = containersOf(containers, project, name);
    const [only] = found;
    if (only !== undefined && found.length === 1) {
      matched.push({ node, id: only.id });
    } else {
      missing ||= only === undefined;
      mismatches.push(
        `service "${name}" has ${only === undefined ? 'no container' : `${found.length} containers`}`,
      );
      details.push(...found.map((one) => `${name}: ${describe(one)}`));
      if (only === undefined) details.push(...lookalikes(name, containers));
    }
  }
  if (mismatches.length === 0) return matched;
  throw new OrchError('container-ambiguous', `in compose project "${project}", ${mismatches.join('; ')}`, {
    details: [...details, ...overview(containers, project)],
    hint: missing
      ? 'Start the project with `docker compose up -d --wait`, or set control.docker.project and the service names in config.yaml.'
      : 'Scale each service to one container, or remove the others.',
  });
}

/** Containers that someone may have meant: the service in another project, or a name that looks right. */
function lookalikes(service: string, containers: readonly ListedContainer[]): string[] {
  return containers
    .filter((one) => one.service === service || one.name === service)
    .map((one) => `${service}: not taken: ${describe(one)}`);
}

function overview(containers: readonly ListedContainer[], project: string): string[] {
  const services = distinct(containers.filter((one) => one.project === project).map((one) => one.service));
  const projects = distinct(containers.map((one) => one.project));
  return [
    `services of project "${project}": ${services.join(', ') || 'none'}`,
    `projects on this engine: ${projects.join(', ') || 'none'}`,
  ];
}

function describe({ id, name, state, project, service, oneOff }: ListedContainer): string {
  const labels =
    service === undefined ? 'without compose labels' : `project "${project}", service "${service}"`;
  return `container ${name} (${shortId(id)}, ${state}), ${labels}${oneOff ? ', of `docker compose run`' : ''}`;
}

function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/**
 * Refuses a node whose address on this machine does not lead to its container: load would go to one thing and faults
 * to another, and the run would look as if the faults did no harm. Addresses elsewhere cannot be judged and pass, as
 * do containers in the host's network. A port that Docker chooses leads elsewhere after every start, so it is refused.
 * @throws OrchError `driver-unavailable`
 */
export function checkAddress(node: NodeSpec, { id, published, usesHostNetwork }: InspectedContainer): void {
  const { host, port: wanted } = addressOf(node);
  if (usesHostNetwork || !isLoopback(host)) return;
  const reachable = published.filter(
    ({ hostIp }) => hostIp === '' || isWildcard(hostIp) || isLoopback(hostIp),
  );
  if (reachable.some(({ hostPort }) => hostPort === wanted)) return;
  const fixed = reachable.filter(({ hostPort }) => hostPort !== 0);
  const ports = fixed.map(({ hostPort }) => hostPort).join(', ');
  throw new OrchError(
    'driver-unavailable',
    `${node.name} is configured at ${host}:${wanted}, but its container ${shortId(id)} does not publish that port on this machine`,
    {
      hint: adviceOn(ports, reachable.length > fixed.length),
    },
  );
}

/** The node with the address that it has for the other containers of its project: its service's name. */
export function withInside(node: NodeSpec, { published, usesHostNetwork }: InspectedContainer): NodeSpec {
  const port = published.find(({ hostPort }) => hostPort === addressOf(node).port)?.containerPort;
  return usesHostNetwork || port === undefined ? node : { ...node, inside: { host: node.name, port } };
}

function adviceOn(ports: string, chosenByDocker: boolean): string {
  if (ports !== '') return `It publishes ${ports}: correct its address in config.yaml.`;
  if (chosenByDocker)
    return 'Docker chooses its port anew at every start: publish a fixed one, such as "127.0.0.1:8001:8000".';
  return 'It publishes no port: add `ports:` to its service.';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function isWildcard(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::';
}
