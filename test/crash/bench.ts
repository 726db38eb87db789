import { connect } from 'node:net';
import { freePort } from '../../src/control/ports.ts';
import type { DriverName } from '../../src/control/driver.ts';
import type { NodeKind } from '../../src/model/node.ts';
import { portsListening } from './system.ts';
import { until } from './until.ts';

export interface BenchNode {
  readonly name: string;
  readonly kind: NodeKind;
  readonly port: number;
}

/** The nodes that runs are tried on, one run after another. */
export interface Bench {
  readonly driver: DriverName;
  readonly nodes: readonly BenchNode[];
  readonly project: string;
  /** What `orch run` finds in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What is not as it was before the run, in sentences; there is a moment's patience with it. The run's files are below the directory. */
  problems(directory: string): Promise<readonly string[]>;
  /** Makes everything as it was, so that the next run does not suffer from this one. */
  repair(): Promise<void>;
  close(): Promise<void>;
}

/** Two of each, by the names that the embedded driver knows. */
export async function chooseNodes(): Promise<readonly BenchNode[]> {
  const names = ['service-node-1', 'service-node-2', 'redis-node-1', 'redis-node-2'];
  const nodes: BenchNode[] = [];
  for (const name of names) {
    const kind = name.startsWith('redis') ? 'redis' : 'http';
    nodes.push({ name, kind, port: await freePort() });
  }
  return nodes;
}

/** Embedded nodes end with their run: what is as before is that nothing is there. */
export async function processBench(): Promise<Bench> {
  const nodes = await chooseNodes();
  const taken = () => nodes.filter(({ port }) => portsListening().has(port));
  return {
    driver: 'process',
    nodes,
    project: 'none',
    env: {},
    async problems() {
      await until(2_000, () => taken().length === 0);
      return taken().map(({ name, port }) => `something listens on the port ${port} of ${name}`);
    },
    repair: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Whether a node answers, asked with nothing of orch's own. */
export async function answers({ kind, port }: BenchNode): Promise<boolean> {
  return kind === 'http' ? answersHttp(port) : answersPing(port);
}

async function answersHttp(port: number): Promise<boolean> {
  try {
    const { status } = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(500) });
    return status === 200;
  } catch {
    return false;
  }
}

async function answersPing(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(500, () => socket.destroy());
  try {
    socket.write('PING\r\n');
    for await (const reply of socket) return String(reply).startsWith('+PONG');
    return false;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
