import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { root } from './support.ts';

const httpNodes = ['service-node-1', 'service-node-2', 'service-node-3'];
const redisNodes = ['redis-node-1', 'redis-node-2'];

/** The shipped docker-compose.yml as a project of the test's own, on ports of its own. */
export class ComposeStack {
  readonly project: string;
  readonly #files: readonly string[];
  readonly #ports = new Map<string, number>();

  /** @param beside Further compose files of the repository. */
  constructor(name: string, ...beside: readonly string[]) {
    this.project = `orch-${name}-${process.pid}`;
    this.#files = ['docker-compose.yml', ...beside].flatMap((file) => ['-f', join(root, file)]);
  }

  /** The lines of a config.yaml for it. */
  get config(): readonly string[] {
    const urls = (scheme: string, nodes: readonly string[]) =>
      nodes.map((node) => `${scheme}://127.0.0.1:${this.portOf(node)}`).join(', ');
    return [
      `http_nodes: [${urls('http', httpNodes)}]`,
      `http_services: [${httpNodes.join(', ')}]`,
      `redis_nodes: [${urls('redis', redisNodes)}]`,
      `redis_services: [${redisNodes.join(', ')}]`,
      `control: { docker: { project: ${this.project} } }`,
    ];
  }

  async up(): Promise<void> {
    for (const node of [...httpNodes, ...redisNodes]) this.#ports.set(node, await freePort());
    this.compose('up', '--detach', '--build', '--wait');
  }

  down(): void {
    this.compose('down', '--volumes', '--rmi', 'local', '--timeout', '1');
  }

  compose(...args: readonly string[]): string {
    const ports = [...this.#ports].map(([node, port]) => [
      `${node.replaceAll('-', '_').toUpperCase()}_PORT`,
      String(port),
    ]);
    return execFileSync('docker', ['compose', '-p', this.project, ...this.#files, ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...Object.fromEntries(ports) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  portOf(node: string): number {
    return this.#ports.get(node) ?? 0;
  }

  /** `running`, `exited`, `paused`: of a service's one container, as the engine has it. */
  stateOf(service: string): string {
    const id = this.compose('ps', '--all', '--quiet', service).trim();
    return execFileSync('docker', ['inspect', '--format', '{{.State.Status}}', id], {
      encoding: 'utf8',
    }).trim();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
