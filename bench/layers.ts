import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { given } from './options.ts';
import { redisServer } from './redis-server.ts';
import { httpServer, type Server } from './server.ts';
import { median, spread, table } from './table.ts';

/**
 * `node bench/layers.ts [--rounds N] [--sec N]`: what a request costs with sockets alone, and what each layer adds that is put upon
 * them. See bench/README.md.
 */
const values = given('layers');

const layers = [
  ['bare', 'sockets, the same bytes again and again'],
  ['client', 'the client alone: ioredis with a promise each, undici’s dispatch'],
  ['target', 'orch’s target: outcomes, time limits, no rows'],
  ['thread', 'orch’s load thread: schedule, rows, histograms'],
] as const;

interface Figures {
  readonly micros: number;
  readonly rps: number;
}

const home = mkdtempSync(join(tmpdir(), 'orch-bench-'));
try {
  for (const [kind, start] of [
    ['redis', redisServer],
    ['http', httpServer],
  ] as const) {
    const server = await start(home);
    if (server === null) continue;
    try {
      process.stdout.write(`${kind}, ${server.name}\n\n${await measuredLayers(kind, server)}\n\n`);
    } finally {
      await server.close();
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Each layer in a process of its own, in turn, round after round. */
async function measuredLayers(kind: string, { url }: Pick<Server, 'url'>): Promise<string> {
  const figures = layers.map((): Figures[] => []);
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const [index, [layer]] of layers.entries()) figures[index]?.push(await measure(kind, layer, url));
  const lines = layers.map(([, what], index) => {
    const ofLayer = figures[index] ?? [];
    const micros = ofLayer.map((each) => each.micros);
    const ratios = micros.map((each, round) => each / (figures[0]?.[round]?.micros ?? Number.NaN));
    const rps = String(Math.round(median(ofLayer.map((each) => each.rps))));
    return [what, spread(micros), spread(ratios), rps];
  });
  return table(['what', 'CPU µs a request', 'to sockets', 'requests a second'], lines);
}

async function measure(kind: string, layer: string, url: string): Promise<Figures> {
  const words = [join(import.meta.dirname, 'layer.ts'), kind, layer, url, values.sec];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- bench/layer.ts wrote it.
  return JSON.parse(said) as Figures;
}
