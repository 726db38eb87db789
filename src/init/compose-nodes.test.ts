import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composeNodes } from './compose-nodes.ts';
import { interpolated } from './interpolate.ts';

const read = (services: string, env: Record<string, string> = {}) =>
  composeNodes(`services:\n${services}`, 'compose.yaml', (name) => env[name]);

describe('the nodes of a Compose file', () => {
  it('of the shipped project are those of the shipped config', () => {
    const file = join(import.meta.dirname, '../../docker-compose.yml');
    const { nodes } = composeNodes(readFileSync(file, 'utf8'), file, (name) =>
      name === 'REDIS_NODE_2_PORT' ? '7777' : undefined,
    );
    expect(nodes).toEqual([
      ...[1, 2, 3].map((number) => ({
        service: `service-node-${number}`,
        kind: 'http',
        url: `http://127.0.0.1:800${number}`,
        healthPath: '/health',
      })),
      { service: 'redis-node-1', kind: 'redis', url: 'redis://127.0.0.1:6379', healthPath: null },
      { service: 'redis-node-2', kind: 'redis', url: 'redis://127.0.0.1:7777', healthPath: null },
    ]);
  });

  it.each<[string, string, string]>([
    ['8080:80', 'http', 'http://127.0.0.1:8080'],
    ['0.0.0.0:8080:80/tcp', 'http', 'http://127.0.0.1:8080'],
    ['192.168.7.7:8080:80', 'http', 'http://192.168.7.7:8080'],
    ['"[::1]:8080:80"', 'http', 'http://[::1]:8080'],
    ['"8443:8443"', 'http', 'https://127.0.0.1:8443'],
    ['"${PORT:-9000}:80"', 'http', 'http://127.0.0.1:9000'],
    ['"${SET}:80"', 'http', 'http://127.0.0.1:5001'],
    ['{ target: 80, published: "8080", host_ip: 127.0.0.1, protocol: tcp }', 'http', 'http://127.0.0.1:8080'],
    ['{ target: 6379, published: 7001 }', 'redis', 'redis://127.0.0.1:7001'],
  ])('has of the port %s %s at %s', (port, kind, url) => {
    const { nodes } = read(`  web: { image: "x/web:1", ports: [${port}] }`, { SET: '5001' });
    expect(nodes).toMatchObject([{ service: 'web', kind, url }]);
  });

  it.each([
    'redis:7-alpine',
    'docker.io/bitnami/redis@sha256:abc',
    'valkey/valkey',
    'registry:5000/redis/redis-stack:1',
  ])('takes %s for Redis', (image) => {
    expect(read(`  cache: { image: "${image}", ports: ["1234:1234", "7000:6379"] }`)).toMatchObject({
      nodes: [{ kind: 'redis', url: 'redis://127.0.0.1:7000' }],
      remarks: ['cache: 127.0.0.1:7000 of its ports is loaded, not 127.0.0.1:1234.'],
    });
  });

  it.each<[string, string]>([
    ['image: postgres, ports: ["5432:5432"]', 'it speaks PostgreSQL, not HTTP or Redis'],
    ['image: web', 'it publishes no port on this machine'],
    ['extends: { file: base.yaml, service: web }', 'they may stand in base.yaml'],
    ['extends: web', 'they may stand in the service that it extends'],
    ['ports: ["8000"]', 'the port `8000` has none on this machine that stays'],
    ['ports: ["127.0.0.1::80"]', 'has none on this machine that stays'],
    ['ports: ["3000-3002:3000-3002"]', '`3000-3002:3000-3002` is a range of ports'],
    ['ports: ["53:53/udp"]', 'the port `53:53/udp` is udp'],
    ['ports: ["${NONE}:80"]', 'the port `${NONE}:80` has a variable without a value'],
    ['ports: ["80:80"], deploy: { replicas: 3 }', 'it has 3 containers, and a node has one'],
    ['ports: ["80:80"], profiles: [debug]', 'it is started by the profile debug only'],
  ])('leaves out { %s }, and says why', (service, why) => {
    const { nodes, remarks } = read(`  one: { ${service} }`);
    expect(nodes).toEqual([]);
    expect(remarks).toEqual([expect.stringMatching(/^one is left out: .*\.$/)]);
    expect(remarks[0]).toContain(why);
  });

  it('tells of files that are not followed', () => {
    const text = 'include: [other.yaml]\nservices:\n  web: { ports: ["80:80"] }\n';
    const { nodes, remarks } = composeNodes(text, 'compose.yaml', () => undefined);
    expect(nodes).toHaveLength(1);
    expect(remarks[0]).toMatch(/^`include` is not followed/);
  });

  it('tells of a password, and takes the path that a health check asks for', () => {
    const { nodes, remarks } = read(
      [
        '  cache: { image: redis, command: redis-server --requirepass x, ports: ["6379:6379"] }',
        '  web: { build: ., ports: ["8080:80"], healthcheck: { test: [CMD-SHELL, "curl -f http://localhost:80/up?full=1 || exit 1"] } }',
      ].join('\n'),
    );
    expect(remarks[0]).toBe('cache: it wants a password, which belongs into its URL in redis_nodes.');
    expect(nodes[1]?.healthPath).toBe('/up?full=1');
  });

  it('refuses what is no YAML, with its place', () => {
    expect(() => read('  a: [')).toThrow('compose.yaml is no YAML');
  });
});

it.each<[string, string | null]>([
  ['$A-${A}-$$A', 'a-a-$A'],
  ['${EMPTY:-b}${EMPTY-b}', 'b'],
  ['${A:+x}${NONE+y}', 'x'],
  ['${NONE}', null],
  ['${NONE:?must be set}', null],
  ['${NONE:-${A}}', null],
])('%s is %s where A is `a` and EMPTY is empty', (text, filled) => {
  const env: Record<string, string> = { A: 'a', EMPTY: '' };
  expect(interpolated(text, (name) => env[name])).toBe(filled);
});
