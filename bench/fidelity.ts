import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Manifest, ScheduleLag } from '../src/model/manifest.ts';
import { type Deviation, deviation } from './grid.ts';
import { type HttpTool, httpTools, orchTool } from './http-tools.ts';
import { measured } from './measured.ts';
import { given } from './options.ts';
import { spread, table } from './table.ts';

/**
 * `node bench/fidelity.ts [--rounds N] [--sec N]`: how well a constant rate is kept, as the server sees it. See
 * bench/README.md.
 */
const values = given('fidelity');
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
    const lags: ScheduleLag[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const [tool, ofTool] of deviations) {
        if (tool.program === null) continue;
        const { arrivals, lag } = await runOf(tool, rps);
        ofTool.push(arrivals);
        if (lag !== null) lags.push(lag);
      }
    }
    for (const [{ name, program }, ofTool] of deviations) {
      const cells = (['p50Ms', 'p99Ms', 'p999Ms', 'arrived'] as const).map((key) =>
        program === null ? 'not here' : spread(ofTool.map((each) => each[key])),
      );
      lines.push([String(rps), name, ...cells]);
    }
    const own = (['p50_ms', 'p99_ms', 'p99_9_ms'] as const).map((key) =>
      spread(lags.map((lag) => lag[key] ?? NaN)),
    );
    lines.push([String(rps), 'orch itself: from due to sent', ...own, '']);
  }
  const head = ['rps', 'tool', 'p50, ms', 'p99, ms', 'p99.9, ms', 'arrived of due'];
  process.stdout.write(`${connections} connections; ${rounds} rounds of ${sec} s\n\n${table(head, lines)}\n`);
} finally {
  rmSync(home, { recursive: true, force: true });
}

interface ToolRun {
  readonly arrivals: Deviation;
  /** What a tool says itself of how late it was; null where it does not. */
  readonly lag: ScheduleLag | null;
}

/** One run of a tool against a server of its own. */
async function runOf(tool: HttpTool, rps: number): Promise<ToolRun> {
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
  const arrivals = deviation(new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength)), rps, sec);
  return { arrivals, lag: tool === orchTool ? ownLag(dir) : null };
}

/** What a run of ours says in its manifest. */
function ownLag(dir: string): ScheduleLag | null {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- orch wrote it a moment ago.
  const manifest = JSON.parse(readFileSync(join(dir, 'runs/bench/manifest.json'), 'utf8')) as Manifest;
  return manifest.schedule_lag;
}
