import { connect } from 'node:net';
import { Redis } from 'ioredis';
import { Client } from 'undici';
import { systemClock } from '../src/clock/system.ts';
import { LoadAgent } from '../src/load/agent.ts';
import { configSchema } from '../src/model/config.ts';
import type { NodeKind, NodeSpec } from '../src/model/node.ts';
import { RowRing } from '../src/store/row-ring.ts';
import { RowWriter } from '../src/store/row-writer.ts';
import { openTarget } from '../src/target/open-target.ts';

/**
 * `node bench/layer.ts KIND LAYER URL SEC`: requests in a closed model, 50 at a time, with as much of orch as is said: nothing but
 * sockets, the client alone, the target, or all that a load thread does. Prints requests a second, and what one costs this process.
 */
const [protocol, layer = '', url = '', sec] = process.argv.slice(2);
const kind: NodeKind = protocol === 'redis' ? 'redis' : 'http';
const atOnce = 50;
const node: NodeSpec = { name: 'node', kind, url, managed: false };
const { hostname, port } = new URL(url);
let done = 0;

const layers: Readonly<Record<string, () => unknown>> = {
  'redis bare': () => {
    const command = '*2\r\n$3\r\nGET\r\n$5\r\nbench\r\n';
    const socket = connect(Number(port), hostname).setNoDelay();
    // The answer to a key that is not there.
    const answerBytes = '$-1\r\n'.length;
    let bytes = 0;
    socket.on('data', ({ length }) => {
      bytes += length;
      const answers = Math.floor(bytes / answerBytes);
      bytes -= answers * answerBytes;
      done += answers;
      socket.write(command.repeat(answers), 'latin1');
    });
    socket.write(command.repeat(atOnce), 'latin1');
  },
  'redis client': async () => {
    const redis = new Redis(url);
    await redis.ping();
    const ask = (): void => void redis.call('GET', 'bench').then(answered);
    const answered = (): void => {
      done += 1;
      ask();
    };
    for (let user = 0; user < atOnce; user += 1) ask();
  },
  'http bare': () => {
    const request = `GET / HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: keep-alive\r\n\r\n`;
    for (let user = 0; user < atOnce; user += 1) {
      const socket = connect(Number(port), hostname).setNoDelay();
      // An answer is so short that it comes in one piece.
      socket.on('data', () => {
        done += 1;
        socket.write(request, 'latin1');
      });
      socket.write(request, 'latin1');
    }
  },
  'http client': () => {
    const request = { origin: new URL(url).origin, method: 'GET', path: '/', headers: [] } as const;
    for (let user = 0; user < atOnce; user += 1) {
      const client = new Client(request.origin);
      const ask = (): void => void client.dispatch(request, handler);
      const handler = {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData() {},
        onResponseEnd() {
          done += 1;
          ask();
        },
        onResponseError(_: unknown, error: Error) {
          throw error;
        },
      };
      ask();
    }
  },
  target: async () => {
    const target = await opened();
    const operation = target.operation(0, null);
    const ask = (): void => target.invoke(node, operation, 10_000, done, user);
    const user = {
      settle(): void {
        done += 1;
        ask();
      },
    };
    for (let count = 0; count < atOnce; count += 1) ask();
  },
  thread: async () => {
    const ring = RowRing.ofSize(16 << 20);
    const rows = new RowWriter(ring, systemClock.wall());
    setInterval(() => ring.waiting.forEach(({ length }) => ring.take(length)), 20);
    const agent = new LoadAgent({
      clock: systemClock,
      startMs: systemClock.now(),
      untilMs: Number.POSITIVE_INFINITY,
      phases: [{ name: 'load', startMs: 0, endMs: Number.POSITIVE_INFINITY }],
      seed: 1,
      settings: { max_in_flight: atOnce, timeout_sec: 10, spread: 'random' },
      targets: new Map([[kind, await opened()]]),
      record(record) {
        done += 1;
        rows.add(record);
      },
    });
    const demand = { model: 'closed', vus: atOnce, thinkMs: 0 } as const;
    agent.set({ name: 'load', demand, workload: null, nodes: [node], sinceMs: null }, 0);
  },
};

async function opened() {
  const config = configSchema.parse({
    redis_workload: [{ commands: ['GET bench'] }],
    http_workload: { method: 'GET', path: '/' },
    load: { max_in_flight: atOnce },
  });
  const target = await openTarget(kind, config, 1);
  await target.open([node]);
  return target;
}

const start = layers[layer] ?? layers[`${kind} ${layer}`];
if (start === undefined) throw new Error(`there is no layer ${layer} of ${kind}`);
await start();
// Until then, code is being compiled.
await new Promise((resolve) => setTimeout(resolve, 1000));
const before = { ...process.cpuUsage(), done, ms: performance.now() };
await new Promise((resolve) => setTimeout(resolve, Number(sec) * 1000));
const { user, system } = process.cpuUsage();
const requests = done - before.done;
const micros = (user + system - before.user - before.system) / requests;
process.stdout.write(
  `${JSON.stringify({ micros, rps: (requests / (performance.now() - before.ms)) * 1000 })}\n`,
);
process.exit(0);
