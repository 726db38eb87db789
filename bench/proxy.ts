import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '../src/clock/system.ts';
import { LoadAgent } from '../src/load/agent.ts';
import { configSchema } from '../src/model/config.ts';
import { constantRate } from '../src/model/demand.ts';

import { Proxy } from '../src/proxy/proxy.ts';
import { createHttpTarget } from '../src/target/http.ts';
import { given } from './options.ts';

/**
 * `node bench/proxy.ts [--rounds N]`: what the idle fault proxy costs. Orch’s own load goes to a server in a process of its
 * own directly, through a link that passes on plain TCP, and through one that follows HTTP. See bench/README.md.
 */
const rounds = Number(given('proxy').rounds);
const ways = ['direct', 'proxy, tcp', 'proxy, http'] as const;
/** All ways at once, so that what else the machine does falls on all of them alike. */
const slow = { rps: 300, sec: 4 };
/** One way at a time. */
const fast = { rps: 5000, sec: 4 };
/** Connections are made in the first second, which does not count. */
const warmUpMs = 1000;

type Way = (typeof ways)[number];
type Ports = Readonly<Record<Way, number>>;

/** Sends load to these ways in turn; milliseconds from sending to answer, of what was due and answered in its time. */
async function measure(
  ports: Ports,
  among: readonly Way[],
  { rps, sec }: typeof slow,
): Promise<Map<Way, number[]>> {
  const workload = configSchema.parse({ http_workload: { method: 'GET' } }).http_workload;
  const target = createHttpTarget({ workload, workloads: {}, feeds: {}, seed: 1, maxInFlight: 1000 });
  const untilMs = warmUpMs + sec * 1000;
  const servicesMs = new Map(among.map((way) => [way as string, [] as number[]]));
  const agent = new LoadAgent({
    clock: systemClock,
    startMs: systemClock.now(),
    untilMs,
    targets: new Map([['http', target]]),
    seed: 1,
    settings: { max_in_flight: 1000, timeout_sec: 5, spread: 'round_robin' },
    phases: [],
    record({ node, outcome, scheduledMs, sentMs, doneMs }) {
      const counts = outcome === 'ok' && scheduledMs >= warmUpMs && doneMs < untilMs;
      if (counts) servicesMs.get(node)?.push(doneMs - sentMs);
    },
  });
  const nodes = among.map((way) => {
    return { name: way, kind: 'http', url: `http://127.0.0.1:${ports[way]}/`, managed: false } as const;
  });
  agent.set({ name: 'load', demand: constantRate(rps), nodes, workload: null, sinceMs: 0 }, 0);
  await systemClock.sleepUntil(systemClock.now() + untilMs);
  agent.stop('load');
  await agent.drain();
  await target.close();
  return new Map(among.map((way) => [way, servicesMs.get(way) ?? []]));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const server = spawn(process.execPath, [join(import.meta.dirname, 'http-server.ts')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [port] = (await once(createInterface({ input: server.stdout }), 'line')).map(Number);
const proxy = new Proxy({ seed: 1, onLost: (text) => process.stderr.write(`${text}\n`) });
const upstream = { node: 'a', host: '127.0.0.1', port: port ?? 0 };
const tcp = await proxy.open({ ...upstream, from: 'tcp', protocol: 'tcp' });
const http = await proxy.open({ ...upstream, from: 'http', protocol: 'http' });
const ports: Ports = { direct: upstream.port, 'proxy, tcp': tcp.localPort, 'proxy, http': http.localPort };

const slowMs = new Map(ways.map((way) => [way, [] as number[]]));
const fastRps = new Map(ways.map((way) => [way, [] as number[]]));
for (let round = 0; round < rounds; round += 1) {
  for (const [way, servicesMs] of await measure(ports, ways, slow)) slowMs.get(way)?.push(...servicesMs);
  for (const way of ways) {
    const answered = (await measure(ports, [way], fast)).get(way) ?? [];
    fastRps.get(way)?.push(answered.length / fast.sec);
  }
}
await proxy.close();
server.stdin.end();

const lines = ways.map((way) => {
  const ofWay = { ms: median(slowMs.get(way) ?? []), rps: median(fastRps.get(way) ?? []) };
  const direct = { ms: median(slowMs.get('direct') ?? []), rps: median(fastRps.get('direct') ?? []) };
  const share = (100 * ofWay.rps) / direct.rps;
  return `| ${way} | ${ofWay.ms.toFixed(3)} | ${(ofWay.ms - direct.ms).toFixed(3)} | ${ofWay.rps.toFixed(0)} | ${share.toFixed(1)}% |`;
});
process.stdout.write(
  `${[
    `| way | median at ${slow.rps / ways.length} rps, ms | added, ms | answered of ${fast.rps} rps | of direct |`,
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n')}\n`,
);
