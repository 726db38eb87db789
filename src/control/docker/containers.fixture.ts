import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { NodeKind } from '../../model/node.ts';

const execute = promisify(execFile);

export interface ContainerOptions {
  /** The service's label; without it the container gets no compose labels. */
  readonly service?: string;
  readonly kind?: NodeKind;
  /** Published on 127.0.0.1; without it nothing is. */
  readonly port?: number;
  readonly name?: string;
  /** Further arguments of `docker create`. */
  readonly args?: readonly string[];
  /** What an HTTP container runs in place of its service. */
  readonly command?: readonly string[];
}

const httpService = `
  require('http').createServer((request, response) => response.end('ok')).listen(8000);
  process.on('SIGTERM', () => process.exit(0));
`;

/** For tests: real containers with the labels of a compose project of this test's own. */
export class Containers {
  readonly project: string;
  readonly #ids: string[] = [];

  constructor(name: string) {
    this.project = `orch-test-${name}-${process.pid}`;
  }

  /** Creates and starts a container; resolves to its id. */
  async run(options: ContainerOptions): Promise<string> {
    const id = await this.create(options);
    await docker('start', id);
    return id;
  }

  async create({
    service,
    kind = 'http',
    port,
    name,
    args = [],
    command,
  }: ContainerOptions): Promise<string> {
    const labels = service === undefined ? [] : [`project=${this.project}`, `service=${service}`];
    const inner = kind === 'http' ? 8000 : 6379;
    const id = await docker(
      'create',
      ...labels.flatMap((label) => ['--label', `com.docker.compose.${label}`]),
      ...(port === undefined ? [] : ['--publish', `127.0.0.1:${port}:${inner}`]),
      ...(name === undefined ? [] : ['--name', name]),
      ...args,
      ...(kind === 'http'
        ? ['node:24-alpine', ...(command ?? ['node', '-e', httpService])]
        : ['redis:7-alpine']),
    );
    this.#ids.push(id);
    return id;
  }

  async removeAll(): Promise<void> {
    if (this.#ids.length > 0) await docker('rm', '--force', '--volumes', ...this.#ids.splice(0));
  }
}

export async function docker(...args: string[]): Promise<string> {
  return (await execute('docker', args)).stdout.trim();
}
