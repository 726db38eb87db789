import { type Bench, processBench } from './bench.ts';
import { containerBench } from './containers.ts';
import { type Crash, crash } from './crash.ts';
import { SecondEngine } from './engine.ts';
import { caseText, type CrashCase } from './matrix.ts';

export interface RunCasesOptions {
  readonly seed: number;
  readonly say: (line: string) => void;
  /** Begins no further case once it aborts. */
  readonly signal: AbortSignal;
}

/** Embedded nodes and containers are tried beside each other; within each, one case after another. */
export async function runCases(
  cases: readonly CrashCase[],
  options: RunCasesOptions,
): Promise<readonly Crash[]> {
  let done = 0;
  const say = (crash: Crash, tookMs: number) => {
    done += 1;
    options.say(`[${done}/${cases.length}] ${line(crash, tookMs, options.seed)}`);
  };
  const lane = (driver: CrashCase['driver']) =>
    runLane(
      cases.filter((one) => one.driver === driver),
      { ...options, tell: say },
    );
  return (await Promise.all([lane('process'), lane('docker')])).flat();
}

interface LaneOptions extends RunCasesOptions {
  readonly tell: (crash: Crash, tookMs: number) => void;
}

async function runLane(cases: readonly CrashCase[], options: LaneOptions): Promise<readonly Crash[]> {
  const crashes: Crash[] = [];
  for (const group of Map.groupBy(cases, benchOf).values()) {
    const [first] = group;
    if (first === undefined || options.signal.aborted) continue;
    await using stack = new AsyncDisposableStack();
    const { bench, engine } = await openBench(first, stack);
    for (const one of group) {
      if (options.signal.aborted) break;
      const startMs = performance.now();
      const crashed = await crash(one, { bench, engine, seed: options.seed });
      crashes.push(crashed);
      options.tell(crashed, performance.now() - startMs);
    }
  }
  return crashes;
}

type BenchKind = 'process' | 'containers' | 'engine-stopped' | 'engine-killed';

function benchOf({ driver, way }: CrashCase): BenchKind {
  if (driver === 'process') return 'process';
  return way === 'engine-stopped' || way === 'engine-killed' ? way : 'containers';
}

export async function openBench(
  one: CrashCase,
  stack: AsyncDisposableStack,
): Promise<{ bench: Bench; engine: SecondEngine | undefined }> {
  const kind = benchOf(one);
  let engine: SecondEngine | undefined;
  if (kind.startsWith('engine')) {
    engine = await SecondEngine.start();
    stack.defer(() => engine?.close());
  }
  // An engine that was killed does not start `unless-stopped` containers again, whether they were disturbed or not.
  const restart = kind === 'engine-killed' ? 'always' : 'unless-stopped';
  const bench =
    kind === 'process' ? await processBench() : await containerBench({ host: engine?.host, restart });
  stack.defer(() => bench.close());
  return { bench, engine };
}

function line(
  { one, problems, missed, undoBeganMs, byRecover, engineMended }: Crash,
  tookMs: number,
  seed: number,
): string {
  const head = `case ${one.number}, ${caseText(one)}`;
  const late = missed === 0 ? '' : `, ${missed} too late`;
  const mended = engineMended ? ', engine mended' : '';
  const seconds = `${(tookMs / 1000).toFixed(1)} s${late}${mended}`;
  if (problems.length > 0) {
    const replay = `npm run crash -- --case ${one.number} --seed ${seed}`;
    return [`FAILED ${head} (${seconds})`, ...problems, `again: ${replay}`].join('\n    ');
  }
  const how =
    undoBeganMs !== null
      ? `undo began after ${Math.round(undoBeganMs)} ms`
      : byRecover
        ? 'recovered'
        : 'nothing to undo';
  return `ok ${head}: ${how} (${seconds})`;
}
