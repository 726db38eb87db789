import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HttpLoad, type HttpTool, httpTools, orchTool } from './http-tools.ts';
import { measured } from './measured.ts';
import { given } from './options.ts';
import { httpServer } from './server.ts';
import { type Comparison, ratioTable } from './table.ts';

/**
 * `node bench/load.ts [--rounds N] [--sec N] [--rps N]`: what a request over HTTP costs the tool that sends it. See
 * bench/README.md.
 */
const values = given('load');
const [rounds, sec, fixedRps] = [Number(values.rounds), Number(values.sec), Number(values.rps)];
const connections = 50;

type Load = Pick<HttpLoad, 'rps' | 'sec'>;

interface Figures {
  /** CPU time, by request. */
  readonly micros: number;
  /** The same of what a run takes more than one of a second does: without start-up. */
  readonly microsMore: number;
  readonly rps: number;
  readonly peakMb: number;
}

const home = mkdtempSync(join(tmpdir(), 'orch-bench-'));
const server = await httpServer(home);
try {
  const fixed = await rounded({ rps: fixedRps, sec });
  const highest = await rounded({ rps: null, sec });
  const rows = [
    ...comparisons(`CPU µs a request, ${fixedRps} rps`, fixed, 'micros'),
    ...comparisons('the same without start-up', fixed, 'microsMore'),
    ...comparisons('CPU µs a request, all it can', highest, 'micros'),
    ...comparisons('the same without start-up', highest, 'microsMore'),
    ...comparisons('requests a second, all it can', highest, 'rps'),
    ...comparisons(`peak MB, ${fixedRps} rps`, fixed, 'peakMb'),
    ...comparisons('peak MB, all it can', highest, 'peakMb'),
  ];
  const what = `${server.name}; ${connections} connections; ${rounds} rounds of ${sec} s`;
  process.stdout.write(`${what}\n\n${ratioTable(rows)}\n`);
} finally {
  await server.close();
  rmSync(home, { recursive: true, force: true });
}

/** Every tool in turn, round after round, so that what else the machine does falls on all of them alike. */
async function rounded(load: Load): Promise<Map<HttpTool, Figures[]>> {
  const tools = httpTools.filter((tool) => tool.program !== null && (load.rps === null || tool.paces));
  const figures = new Map([orchTool, ...tools].map((tool) => [tool, [] as Figures[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [tool, ofTool] of figures) {
      const long = await send(tool, load);
      const short = await send(tool, { ...load, sec: 1 });
      ofTool.push({
        micros: (long.cpuSec * 1e6) / long.requests,
        microsMore: ((long.cpuSec - short.cpuSec) * 1e6) / (long.requests - short.requests),
        rps: long.requests / sec,
        peakMb: long.peakMb,
      });
    }
  }
  return figures;
}

/** One run of a tool, in a directory of its own that goes with it; the server says how many requests it was. */
async function send(tool: HttpTool, load: Load) {
  const dir = mkdtempSync(join(home, 'run-'));
  try {
    const before = await server.requests();
    const usage = await measured(tool.command({ ...load, url: server.url, connections, dir }), dir);
    return { ...usage, requests: (await server.requests()) - before };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function comparisons(
  what: string,
  figures: ReadonlyMap<HttpTool, readonly Figures[]>,
  key: keyof Figures,
): Comparison[] {
  const ours = (figures.get(orchTool) ?? []).map((each) => each[key]);
  return httpTools.flatMap((tool) => {
    const theirs = figures.get(tool)?.map((each) => each[key]) ?? null;
    const goal = key.startsWith('micros') ? { goal: { atMost: tool.goal } } : {};
    // What is not here is named where there is a goal; what cannot send such load, nowhere.
    if (theirs === null && (tool.program !== null || !('goal' in goal))) return [];
    return [{ what, peer: tool.name, ours, theirs, ...goal }];
  });
}
