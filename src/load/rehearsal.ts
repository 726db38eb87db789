import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Clock } from '../clock/clock.ts';
import type { Counts } from '../model/analysis.ts';
import type { Config } from '../model/config.ts';
import { RowRing } from '../store/row-ring.ts';
import { RowWriter } from '../store/row-writer.ts';
import { openTarget } from '../target/open-target.ts';
import { LoadAgent } from './agent.ts';

const lengthMs = 400;
/** By then what a request goes through is compiled. */
const enough = 3_000;
const users = 16;
const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

export interface RehearsalOptions {
  readonly clock: Clock;
  readonly config: Config;
  readonly seed: number;
  /** The run's half of its requests' traces; null where they have none. */
  readonly traces: string | null;
}

/**
 * Goes through what a request over HTTP goes through, before the run begins and against a server of its own: code that has
 * not run before is slow, and the first half second of a high rate would be late for that. The nodes do not see it.
 *
 * @returns What became of its requests
 */
export async function rehearse({ clock, config, seed, traces }: RehearsalOptions): Promise<Counts> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', () => socket.write(answer)).on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const target = await openTarget('http', config, seed);
  // Where the rows go to no purpose.
  const ring = RowRing.ofSize(1 << 20);
  const rows = new RowWriter(ring, 0, traces);
  const isEnough = new AbortController();
  const agent = new LoadAgent({
    clock,
    startMs: clock.now(),
    untilMs: lengthMs,
    phases: [{ name: 'rehearsal', startMs: 0, endMs: lengthMs }],
    seed,
    settings: { ...config.load, timeout_sec: 1 },
    targets: new Map([['http', target]]),
    record(each) {
      rows.add(each);
      if (ring.counts.due < enough) return;
      agent.stop(load.name);
      isEnough.abort();
    },
  });
  const nodes = [
    { name: 'rehearsal', kind: 'http', url: `http://127.0.0.1:${port}`, managed: false },
  ] as const;
  const load = {
    name: 'rehearsal',
    nodes,
    workload: null,
    sinceMs: null,
    demand: { model: 'closed', vus: users, thinkMs: 0 },
  } as const;
  agent.set(load, 0);
  await clock.sleepUntil(clock.now() + lengthMs, isEnough.signal);
  await agent.drain();
  await target.close();
  for (const socket of sockets) socket.destroy();
  server.close();
  return ring.counts;
}
