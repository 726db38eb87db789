import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Deviation, deviation } from './grid.ts';
import { type HttpTool, httpTools, orchTool } from './http-tools.ts';
import { measured } from './measured.ts';
import { spread, table } from './table.ts';

/**
 * `node bench/fidelity.ts [--rounds N] [--sec N]`: how well a constant rate is kept, as the server sees it. See
 * bench/README.md.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, sec: { type: 'string', default: '8' } },
});
const [rounds, sec] = [Number(values.rounds), Number(values.sec)];
const rates = [1000, 5000];
/** So many that nothing but the tool's own clock holds a request back. */
const connections = 200;

const tools = [orchTool, ...httpTools.filter(({ keepsSchedule }) => keepsSchedule)];
const home = mkdtempSync(join(tmpdir(), 'orch-bench-'));
try {
  const lines = [];
  for (const rps of rates) {
    const deviations = new Map(tools.map((tool) => [tool, [] as Deviation[]]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [tool, ofTool] of deviations)
        if (tool.program !== null) ofTool.push(await arrivalsOf(tool, rps));
    }
    for (const [{ name, program }, ofTool] of deviations) {
      const cells = (['p50Ms', 'p99Ms', 'p999Ms', 'arrived'] as const).map((key) =>
        program === null ? 'not here' : spread(ofTool.map((each) => each[key])),
      );
      lines.push([String(rps), name, ...cells]);
    }
  }
  const head = ['rps', 'tool', 'p50, ms', 'p99, ms', 'p99.9, ms', 'arrived of due'];
  process.stdout.write(`${connections} connections; ${rounds} rounds of ${sec} s\n\n${table(head, lines)}\n`);
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** One run of a tool against a server of its own. */
async function arrivalsOf(tool: HttpTool, rps: number): Promise<Deviation> {
  const dir = mkdtempSync(join(home, 'run-'));
  const file = join(dir, 'arrivals');
  const words = [join(import.meta.dirname, 'arrival-server.ts'), file, String(rps * sec * 2)];
  const server = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(server, 'exit');
  try {
    const [port] = await once(createInterface({ input: server.stdout }), 'line');
    await measured(tool.command({ url: `http://127.0.0.1:${port}/`, rps, connections, sec, dir }), dir);
  } finally {
    server.stdin.end();
    await gone;
  }
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return deviation(new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength)), rps, sec);
}
