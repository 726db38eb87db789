import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Manifest } from '../src/model/manifest.ts';
import { countLines } from '../src/store/count-lines.ts';
import { given } from './options.ts';
import { orchRun } from './orch.ts';
import { httpServer } from './server.ts';
import { median, table } from './table.ts';

/**
 * `npm run soak [-- --sec N --rps N]`: a long run at a steady rate, watched from outside once a second: whether memory grows,
 * files stay open, or rows are missing. It ends with 1 where one of these is not as it should be. See bench/README.md.
 */
const values = given('soak');
const [sec, rps] = [Number(values.sec), Number(values.rps)];
/** Until then a heap grows to what it needs. */
const settlingSec = Math.min(60, sec / 4);
/** A slope over less than that says nothing. */
const leastSlopeSec = 120;
/** Of what is in use, over the whole run: less than that is how a collector of garbage breathes. */
const flatShare = 0.1;
/** A process with nothing left to wait for ends by itself. */
const endingSec = 5;

interface Sample {
  readonly atSec: number;
  readonly residentMb: number;
  readonly openFiles: number;
}

const home = mkdtempSync(join(tmpdir(), 'orch-soak-'));
const server = await httpServer(home);
try {
  process.exitCode = await soak(server.url);
} finally {
  await server.close();
  rmSync(home, { recursive: true, force: true });
}

async function soak(url: string): Promise<number> {
  const workload = { http_workload: { method: 'GET', path: '/' } };
  const command = orchRun({ mode: 'http', url, rps, users: 200, sec, workload, dir: home });
  const begun = performance.now();
  const [file = '', ...args] = command.words;
  const child = spawn(file, args, { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] });
  const samples: Sample[] = [];
  const sampler = setInterval(() => {
    const sample = sampleOf(String(child.pid), (performance.now() - begun) / 1000);
    if (sample !== null) samples.push(sample);
  }, 1000);
  let recordedMs = Number.NaN;
  createInterface({ input: child.stderr }).on('line', (line) => {
    process.stderr.write(`${line}\n`);
    if (line.startsWith('recorded in')) recordedMs = performance.now();
  });
  await once(child, 'close');
  clearInterval(sampler);
  const endedSec = (performance.now() - recordedMs) / 1000;
  const dir = join(home, 'runs', 'bench');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- orch wrote it a moment ago.
  const manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')) as Manifest;
  const rows = (await countLines(join(dir, 'metrics.csv'))) - 1;
  return report({ exitCode: child.exitCode, samples, endedSec, manifest, rows });
}

interface Found {
  readonly exitCode: number | null;
  readonly samples: readonly Sample[];
  readonly endedSec: number;
  readonly manifest: Manifest;
  readonly rows: number;
}

function report({ exitCode, samples, endedSec, manifest, rows }: Found): number {
  const settled = samples.filter(({ atSec }) => atSec >= settlingSec && atSec <= sec);
  const slopeMb = slopeOf(settled.map(({ atSec, residentMb }) => [atSec, residentMb] as const)) * 60;
  const middleMb = median(settled.map(({ residentMb }) => residentMb));
  const grownMb = slopeMb * ((sec - settlingSec) / 60);
  const files = settled.map(({ openFiles }) => openFiles);
  // After a hiccup of the machine there are more connections for a while.
  const grownFiles =
    slopeOf(settled.map(({ atSec, openFiles }) => [atSec, openFiles] as const)) * (sec - settlingSec);
  const { counts, schedule_lag: lag, generator } = manifest;
  const { due, ok, fail, unknown, dropped } = counts;
  const isLong = sec - settlingSec >= leastSlopeSec;
  const lines: (readonly [string, string, boolean | null])[] = [
    ['exit code', `${exitCode}`, exitCode === 0],
    ['requests due', `${due} of ${sec * rps}`, due === sec * rps],
    [
      'ok + fail + unknown + dropped',
      `${ok} + ${fail} + ${unknown} + ${dropped}`,
      ok + fail + unknown + dropped === due,
    ],
    ['rows in metrics.csv', String(rows), rows === due],
    [
      `memory after ${settlingSec} s: median, slope, growth to the end`,
      `${middleMb.toFixed(0)} MB, ${slopeMb.toFixed(2)} MB a minute, ${((grownMb / middleMb) * 100).toFixed(1)}%`,
      isLong ? grownMb < middleMb * flatShare : null,
    ],
    [
      'open files: median, most, growth to the end',
      `${median(files)}, ${Math.max(...files)}, ${grownFiles.toFixed(1)}`,
      isLong ? grownFiles < median(files) * flatShare : null,
    ],
    ['ended by itself after', `${endedSec.toFixed(2)} s`, endedSec < endingSec],
  ];
  const lagText = `${lag?.p50_ms.toFixed(2)}, ${lag?.p99_ms.toFixed(2)}, ${lag?.p99_9_ms?.toFixed(2)} ms`;
  process.stdout.write(
    `${rps} rps for ${sec} s, ${generator?.workers} load thread(s); from due to sent p50, p99, p99.9: ${lagText}\n\n`,
  );
  const cells = lines.map(([what, found, isRight]) => [
    what,
    found,
    isRight === null ? 'too short to say' : isRight ? 'yes' : 'no',
  ]);
  process.stdout.write(`${table(['what', 'found', 'as it should be'], cells)}\n`);
  return lines.every(([, , isRight]) => isRight !== false) ? 0 : 1;
}

/** Of the process and its children, such as the guardian; null where it has gone. */
function sampleOf(pid: string, atSec: number): Sample | null {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    let [residentMb, openFiles] = [0, 0];
    for (const one of [pid, ...children]) {
      residentMb += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1]) / 1024;
      openFiles += readdirSync(`/proc/${one}/fd`).length;
    }
    return { atSec, residentMb, openFiles };
  } catch {
    return null;
  }
}

/** Of the line through the points whose slope is the median of all pairs' (Theil 1950; Sen 1968). */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const slopes = points.flatMap(([x, y], index) =>
    points.slice(index + 1).map(([otherX, otherY]) => (otherY - y) / (otherX - x)),
  );
  return median(slopes);
}
