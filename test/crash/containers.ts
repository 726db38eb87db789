import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../support.ts';
import { answers, type Bench, type BenchNode, chooseNodes } from './bench.ts';
import { differences, type Inspected, likenessOf } from './traces.ts';
import { until } from './until.ts';

const execute = promisify(execFile);

export interface ContainerBenchOptions {
  /** Where the engine is, as DOCKER_HOST would say it; undefined for the one that `docker` finds. */
  readonly host: string | undefined;
  readonly restart: 'always' | 'unless-stopped';
}

let benches = 0;

/** Real containers, with the labels of a compose project of their own. They are the same ones for every run. */
export async function containerBench({ host, restart }: ContainerBenchOptions): Promise<Bench> {
  benches += 1;
  const project = `orch-crash-${process.pid}-${benches}`;
  const engine = (...args: readonly string[]) => docker(host, ...args);
  const nodes = await chooseNodes();
  const ids = new Map<string, string>();
  const inspect = async () => JSON.parse(await engine('inspect', ...ids.values())) as readonly Inspected[];
  for (const node of nodes) ids.set(node.name, await engine('create', ...creation(project, node, restart)));
  await engine('start', ...ids.values());
  const serving = async () => (await Promise.all(nodes.map(answers))).every(Boolean);
  if (!(await until(15_000, serving))) throw new Error('the containers do not answer');
  const likenesses = async () =>
    Promise.all(
      (await inspect()).map(async (container) => ({
        container,
        likeness: await likenessOf(container, await addedTo(container.Id)),
      })),
    );
  const addedTo = async (id: string) =>
    (await engine('diff', id)).split('\n').filter((line) => line.startsWith('A '));
  /** Those of the run in that directory: others’ may come and go on the same engine. */
  const helpersOf = async (directory: string) => {
    const format = '{{.ID}} {{.Label "orch.run"}}';
    const all = await engine('ps', '--all', '--filter', 'label=orch.helper', '--format', format);
    return all.split('\n').filter((line) => line.includes(` ${directory}/`));
  };
  const before = await likenesses();

  const look = async (): Promise<readonly string[]> => {
    const labelled = await engine('ps', '--all', '--quiet', '--no-trunc', '--filter', label(project));
    const found = labelled.split('\n').sort().join();
    const problems = found === [...ids.values()].sort().join() ? [] : [`other containers: ${found}`];
    for (const [index, { container, likeness }] of (await likenesses()).entries()) {
      const { Name, State } = container;
      if (State.Status !== 'running') problems.push(`${Name} is ${State.Status}`);
      const was = before[index]?.likeness ?? {};
      for (const difference of differences(was, likeness)) problems.push(`${Name}: ${difference}`);
    }
    for (const node of nodes) {
      if (!(await answers(node))) problems.push(`${node.name} does not answer`);
    }
    return problems;
  };

  return {
    driver: 'docker',
    nodes,
    project,
    env: host === undefined ? {} : { DOCKER_HOST: host },
    async problems(directory) {
      let found: readonly string[] = [];
      await until(3_000, async () => {
        const helpers = await helpersOf(directory);
        found = [...(await look()), ...helpers.map((id) => `left: helper container ${id}`)];
        return found.length === 0;
      });
      return found;
    },
    async repair() {
      for (const id of ids.values()) {
        await engine('unpause', id).catch(() => {});
        await engine('start', id).catch(() => {});
      }
      await until(15_000, serving);
    },
    async close() {
      await engine('rm', '--force', '--volumes', ...ids.values());
    },
  };
}

export async function docker(host: string | undefined, ...args: readonly string[]): Promise<string> {
  const where = host === undefined ? [] : ['--host', host];
  return (await execute('docker', [...where, ...args], { maxBuffer: 1 << 24 })).stdout.trim();
}

function creation(project: string, { name, kind, port }: BenchNode, restart: string): readonly string[] {
  const common = ['--label', label(project).slice('label='.length), '--restart', restart];
  const service = ['--label', `com.docker.compose.service=${name}`];
  const publish = ['--publish', `127.0.0.1:${port}:${kind === 'http' ? 8000 : 6379}`];
  const source = `${join(root, 'src/demo')}:/app:ro`;
  const env = [`NODE_NAME=${name}`, 'HOST=0.0.0.0', 'PORT=8000'].flatMap((variable) => ['--env', variable]);
  const image =
    kind === 'http'
      ? ['--volume', source, ...env, 'node:24-alpine', 'node', '/app/main.ts']
      : ['redis:7-alpine', 'redis-server', '--save', '', '--appendonly', 'no'];
  return [...common, ...service, ...publish, ...image];
}

function label(project: string): string {
  return `label=com.docker.compose.project=${project}`;
}
