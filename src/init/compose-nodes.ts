import { isMapping, valueAt } from '../config/explain.ts';
import { parseYaml } from '../config/yaml.ts';
import { OrchError } from '../model/errors.ts';
import type { NodeKind } from '../model/node.ts';
import type { LookUp } from './interpolate.ts';
import { type PublishedPort, publishedPort } from './published-port.ts';
import { scalarText } from './scalar-text.ts';

/** A service of a Compose file that can be loaded, and disturbed. */
export interface ComposeNode {
  readonly service: string;
  readonly kind: NodeKind;
  readonly url: string;
  /** What its health check asks for; null where it has none that asks over HTTP. */
  readonly healthPath: string | null;
}

export interface ComposeNodes {
  readonly nodes: readonly ComposeNode[];
  /** What was assumed or left out, as sentences. */
  readonly remarks: readonly string[];
}

const redisImages: ReadonlySet<string> = new Set([
  'redis',
  'redis-stack',
  'redis-stack-server',
  'valkey',
  'keydb',
]);
const redisPort = 6379;
/** Ports, in their containers, of what speaks neither HTTP nor Redis, by what it is. */
const otherPorts: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [53, 'DNS'],
  [1433, 'SQL Server'],
  [1883, 'MQTT'],
  [2181, 'ZooKeeper'],
  [3306, 'MySQL'],
  [4222, 'NATS'],
  [5432, 'PostgreSQL'],
  [5672, 'AMQP'],
  [9042, 'Cassandra'],
  [9092, 'Kafka'],
  [11_211, 'Memcached'],
  [27_017, 'MongoDB'],
]);
const tlsPorts: readonly number[] = [443, 8443];
/** What config.yaml takes for a service's name. */
const serviceName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * The nodes that a Compose file has for orch: services of one container with a port of this machine.
 * @throws OrchError `yaml-invalid`
 */
export function composeNodes(text: string, file: string, lookUp: LookUp): ComposeNodes {
  const { value, mistakes } = parseYaml(text);
  if (mistakes.length > 0)
    throw new OrchError('yaml-invalid', `${file} is no YAML`, {
      details: mistakes.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`),
    });
  const services = valueAt(value, ['services']);
  const nodes: ComposeNode[] = [];
  const remarks: string[] = [...includeRemark(value)];
  for (const [name, service] of isMapping(services) ? Object.entries(services) : []) {
    const found = nodeOf(name, service, lookUp);
    if (typeof found === 'string') remarks.push(`${name} is left out: ${found}.`);
    else {
      nodes.push(found.node);
      remarks.push(...found.remarks.map((remark) => `${name}: ${remark}.`));
    }
  }
  return { nodes, remarks };
}

function includeRemark(value: unknown): readonly string[] {
  const included = valueAt(value, ['include']);
  if (included === undefined || included === null) return [];
  return ['`include` is not followed: services of the files that it names are not seen.'];
}

interface Found {
  readonly node: ComposeNode;
  readonly remarks: readonly string[];
}

/** A service as a node; or why it is none, as a clause. */
function nodeOf(name: string, service: unknown, lookUp: LookUp): Found | string {
  if (!serviceName.test(name)) return 'config.yaml has no way to say its name';
  const profiles = valueAt(service, ['profiles']);
  if (Array.isArray(profiles) && profiles.length > 0)
    return `it is started by the profile ${profiles.join(', ')} only`;
  const count = valueAt(service, ['scale']) ?? valueAt(service, ['deploy', 'replicas']) ?? 1;
  if (count !== 1) return `it has ${scalarText(count)} containers, and a node has one`;
  const listed = valueAt(service, ['ports']);
  const entries = (Array.isArray(listed) ? listed : []).map((entry) => publishedPort(entry, lookUp));
  const ports = entries.filter((port) => typeof port !== 'string');
  const useless = entries.filter((port) => typeof port === 'string');
  if (ports.length === 0) return useless[0] ?? portlessWhy(service);
  return isRedis(service, ports) ? redisNode(name, service, ports) : httpNode(name, service, ports);
}

/** Why a service has no `ports`, as a clause. */
function portlessWhy(service: unknown): string {
  const base = valueAt(service, ['extends']);
  if (base === undefined || base === null) return 'it publishes no port on this machine';
  const file = scalarText(valueAt(base, ['file']));
  return `it has no ports here, and \`extends\` is not followed: they may stand in ${file === '' ? 'the service that it extends' : file}`;
}

function isRedis(service: unknown, ports: readonly PublishedPort[]): boolean {
  return redisImages.has(imageName(service)) || ports.every(({ target }) => target === redisPort);
}

/** `docker.io/library/redis:7-alpine` → `redis` */
function imageName(service: unknown): string {
  return (
    scalarText(valueAt(service, ['image']))
      .replace(/@.*$/, '')
      .split('/')
      .at(-1)
      ?.replace(/:.*$/, '') ?? ''
  );
}

function redisNode(service: string, settings: unknown, ports: readonly PublishedPort[]): Found {
  const port = ports.find(({ target }) => target === redisPort) ?? ports[0]!;
  const hasPassword = /requirepass|REDIS_PASSWORD/.test(JSON.stringify(settings));
  return {
    node: { service, kind: 'redis', url: `redis://${port.address}`, healthPath: null },
    remarks: [
      ...others(port, ports),
      ...(hasPassword ? ['it wants a password, which belongs into its URL in redis_nodes'] : []),
    ],
  };
}

function httpNode(service: string, settings: unknown, ports: readonly PublishedPort[]): Found | string {
  const usable = ports.filter(({ target }) => !otherPorts.has(target));
  const port = usable.find(({ target }) => !tlsPorts.includes(target)) ?? usable[0];
  const [other] = ports;
  if (port === undefined) return `it speaks ${otherPorts.get(other?.target ?? 0)}, not HTTP or Redis`;
  const isTls = tlsPorts.includes(port.target);
  return {
    node: {
      service,
      kind: 'http',
      url: `${isTls ? 'https' : 'http'}://${port.address}`,
      healthPath: healthPath(settings),
    },
    remarks: [`taken for HTTP on ${port.address}`, ...others(port, usable)],
  };
}

function others(chosen: PublishedPort, ports: readonly PublishedPort[]): readonly string[] {
  const rest = ports.filter((port) => port !== chosen).map(({ address }) => address);
  return rest.length === 0 ? [] : [`${chosen.address} of its ports is loaded, not ${rest.join(', ')}`];
}

/** `wget -q -O /dev/null http://127.0.0.1:8000/health` → `/health` */
function healthPath(service: unknown): string | null {
  const test = valueAt(service, ['healthcheck', 'test']);
  const command = Array.isArray(test) ? test.join(' ') : scalarText(test);
  const [, path] = /https?:\/\/[^\s/'"]+(\/[^\s'"|;&)$]*)/.exec(command) ?? [];
  return path ?? null;
}
