import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../src/testing/requirements.ts';

const root = join(import.meta.dirname, '..');
const project = `orch-compose-test-${process.pid}`;
const httpNodes = ['service-node-1', 'service-node-2', 'service-node-3'];
const redisNodes = ['redis-node-1', 'redis-node-2'];

/** Port 0 makes the engine choose, so that this copy stands beside a user's own. */
const anyPorts = Object.fromEntries(
  [...httpNodes, ...redisNodes].map((node) => [`${node.replaceAll('-', '_').toUpperCase()}_PORT`, '0']),
);

const run = promisify(execFile);

async function compose(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await run('docker', ['compose', '-p', project, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  return stdout;
}

const address = async (node: string, containerPort: number) =>
  (await compose(['port', node, String(containerPort)])).trim();

async function ping(at: string): Promise<string> {
  const { hostname, port } = new URL(`redis://${at}`);
  const socket = connect(Number(port), hostname);
  socket.write('PING\r\n');
  const [reply] = await once(socket, 'data');
  socket.destroy();
  return String(reply);
}

describe.skipIf(!needs('docker') || !needs('compose'))('docker-compose.yml', () => {
  beforeAll(() => compose(['up', '-d', '--build', '--wait', '--wait-timeout', '90'], anyPorts));
  afterAll(() => compose(['down', '-v', '--rmi', 'local', '--timeout', '5']));

  it.each(httpNodes)('%s answers with its own name, on this machine only', async (node) => {
    const at = await address(node, 8000);
    expect(at).toMatch(/^127\.0\.0\.1:\d+$/);
    const response = await fetch(`http://${at}/work`, { method: 'POST', body: '{"payload":"test"}' });
    expect(await response.json()).toMatchObject({ node, payload: 'test' });
  });

  it.each(redisNodes)('%s answers, on this machine only', async (node) => {
    const at = await address(node, 6379);
    expect(at).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await ping(at)).toBe('+PONG\r\n');
  });

  it('every node is healthy, and Redis writes nothing to disk', async () => {
    const containers = (await compose(['ps', '--format', '{{.Service}} {{.Health}}'])).trim().split('\n');
    expect(containers.sort()).toEqual([...redisNodes, ...httpNodes].map((node) => `${node} healthy`));
    for (const setting of ['save', 'appendonly']) {
      const reply = await compose(['exec', '-T', 'redis-node-1', 'redis-cli', 'config', 'get', setting]);
      expect(reply.trim().split(/\s+/)).toEqual(setting === 'save' ? ['save'] : ['appendonly', 'no']);
    }
  });

  it('a stopped node drains and exits with 0, a killed one stays down', async () => {
    await compose(['stop', 'service-node-1']);
    await compose(['kill', 'service-node-2']);
    const exits = await compose(['ps', '-a', '--format', '{{.Service}} {{.State}} {{.ExitCode}}']);
    expect(exits).toContain('service-node-1 exited 0\n');
    expect(exits).toContain('service-node-2 exited 137\n');
  });

  it('publishes the usual ports where no variable says otherwise', async () => {
    const env = Object.fromEntries(Object.keys(anyPorts).map((name) => [name, '']));
    const config: {
      services: Record<string, { ports: readonly { host_ip: string; published: string }[] }>;
    } = JSON.parse(await compose(['config', '--format', 'json'], env));
    const published = Object.entries(config.services).map(([node, { ports }]) => [
      node,
      ports.map((port) => `${port.host_ip}:${port.published}`),
    ]);
    expect(Object.fromEntries(published)).toEqual({
      'redis-node-1': ['127.0.0.1:6379'],
      'redis-node-2': ['127.0.0.1:6380'],
      'service-node-1': ['127.0.0.1:8001'],
      'service-node-2': ['127.0.0.1:8002'],
      'service-node-3': ['127.0.0.1:8003'],
    });
  });
});
