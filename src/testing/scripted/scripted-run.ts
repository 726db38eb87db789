import { VirtualClock } from '../../clock/virtual.ts';
import { LoadAgent } from '../../load/agent.ts';
import { plainName } from '../../load/load.ts';
import { drawAt } from '../../model/draw-at.ts';
import type { RunEvent } from '../../model/event.ts';
import type { NodeSpec } from '../../model/node.ts';
import { seededRandom } from '../../model/random.ts';
import { createRunDir } from '../../store/create-run.ts';
import { EventsWriter } from '../../store/events-writer.ts';
import { MetricsWriter } from '../../store/metrics-writer.ts';
import type { RunDir } from '../../store/run-dir.ts';
import { concerns, type Disturbance } from './disturbance.ts';
import { faultEvents } from './fault-events.ts';
import { type Hiccup, Noise, type Weather } from './noise.ts';
import { ScriptedTarget } from './scripted-target.ts';

export interface ScriptedRun {
  readonly seed: number;
  readonly rps: number;
  readonly durationSec: number;
  readonly nodes: readonly string[];
  readonly weather: Weather;
  readonly disturbance: Disturbance | null;
  /** Whether the run's own log tells of the disturbance, as of a fault. */
  readonly isTold: boolean;
}

export interface WrittenRun {
  readonly dir: RunDir;
  /** The Unix time of the script's zero, when the first request is due. */
  readonly zeroWallSec: number;
  /** When the first request came that shows the disturbance, in seconds of the script; infinite where none was under way as it began. */
  readonly caughtSec: number;
  readonly hiccups: readonly Hiccup[];
}

const phase = 'load';
/** None of those that load draws for. */
const startPurpose = 100;
const settings = { max_in_flight: 10_000, timeout_sec: 5, spread: 'random' } as const;

/**
 * Plays a run in compressed time and writes its directory: the load agent on a virtual clock, the target that the script
 * says, and the writers of every run.
 */
export async function writeScriptedRun(
  runsRoot: string,
  id: string,
  { seed, rps, durationSec, nodes, weather, disturbance, isTold }: ScriptedRun,
): Promise<WrittenRun> {
  const random = seededRandom(seed);
  // A run begins at any time of a second.
  const startWallMs = 1_700_000_000_000 + Math.floor(drawAt(seed, 0, startPurpose) * 1e6) / 1000;
  const zeroWallSec = startWallMs / 1000;
  const clock = new VirtualClock(0, startWallMs);
  const dir = await createRunDir(runsRoot, id);
  const writer = await MetricsWriter.create(dir.metrics, {
    startWallMs,
    onError: (error) => {
      throw error;
    },
  });
  const noise = new Noise(weather, random);
  const target = new ScriptedTarget({
    clock,
    startMs: 0,
    disturbances: disturbance === null ? [] : [disturbance],
    noise,
    random,
  });
  const agent = new LoadAgent({
    clock,
    startMs: 0,
    untilMs: durationSec * 1000,
    phases: [{ name: phase, startMs: 0, endMs: durationSec * 1000 }],
    seed,
    settings,
    targets: new Map([['http', target]]),
    record: (record) => writer.append(record),
  });
  agent.set(
    {
      name: plainName,
      demand: { model: 'open', rate: { shape: 'constant', rps }, arrivals: 'uniform' },
      workload: null,
      nodes: nodes.map((name): NodeSpec => ({ name, kind: 'http', url: `http://${name}`, managed: true })),
      sinceMs: null,
    },
    0,
  );
  await clock.advance(durationSec * 1000);
  await clock.run(agent.drain());
  const failed = await writer.close();
  if (failed !== null) throw failed;

  const stamp = (sec: number) => ({ run_ms: sec * 1000, wall_sec: zeroWallSec + sec });
  const touched = nodes.filter((name) => disturbance !== null && concerns(disturbance, name));
  const faults =
    disturbance === null || !isTold ? [] : faultEvents(disturbance, touched, { phase, zeroWallSec });
  await writeEvents(dir, [
    { type: 'phase_started', phase, duration_sec: durationSec, ...stamp(0) },
    { type: 'load_changed', phase, rps, nodes, ...stamp(0) },
    ...faults,
    { type: 'phase_ended', phase, ...stamp(durationSec) },
    { type: 'load_changed', phase: '', rps: 0, nodes: [], ...stamp(durationSec) },
    { type: 'run_ended', status: 'complete', ...stamp(durationSec) },
  ]);
  return { dir, zeroWallSec, caughtSec: target.caughtSec, hiccups: noise.hiccups };
}

async function writeEvents(dir: RunDir, events: readonly RunEvent[]): Promise<void> {
  const writer = await EventsWriter.create(dir.events);
  for (const event of events) await writer.append(event, false);
  await writer.close();
}
