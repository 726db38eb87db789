import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { analyzeRuns } from '../../src/analyze/analyze.ts';
import { configSchema } from '../../src/model/config.ts';
import { type RunDir, runDir } from '../../src/store/run-dir.ts';
import { type Disturbance, isOutage } from '../../src/testing/scripted/disturbance.ts';
import { faultEvents } from '../../src/testing/scripted/fault-events.ts';
import { loadMark } from '../../src/testing/scripted/protocol.ts';
import { type Noted, ScriptedService } from '../../src/testing/scripted/scripted-service.ts';
import { Workshop } from '../support.ts';
import { type Case, nodes } from './cases.ts';
import { mostLagMs, type Played, scoreOf } from './score.ts';

const thresholds = configSchema.parse({}).anomaly_detection;

/** Runs of the real CLI against scripted services on the same ports, one after the other, all with one baseline. */
export class RealRuns {
  /** The directory of the last one that was played. */
  run: RunDir = runDir('', '');
  readonly #shop = new Workshop();
  #ports: readonly number[] = [];
  #baseline = '';
  readonly #attempts: number;

  /** @param attempts How often a run is tried while the machine is too busy for it. */
  constructor(attempts: number) {
    this.#attempts = attempts;
  }

  close(): void {
    this.#shop.close();
  }

  /** Runs a case without what it is about: what all are measured by from now on. */
  async baseline(of: Case): Promise<void> {
    this.#ports = await freePorts();
    const { protocol, rps, durationSec } = of;
    const urls = this.#ports.map((port) => `${protocol}://127.0.0.1:${port}`);
    this.#shop.write(
      'config.yaml',
      [
        `${protocol}_nodes: [${urls.join(', ')}]`,
        `http_workload: { method: GET, path: /${loadMark} }`,
        `redis_workload: [{ commands: [GET ${loadMark}] }]`,
        '',
      ].join('\n'),
    );
    this.#shop.write(
      's.yaml',
      [
        'name: scripted',
        'phases:',
        `  - { name: load, duration_sec: ${durationSec}, actions: [{ type: start_load, target: all_nodes, rps: ${rps} }] }`,
        '',
      ].join('\n'),
    );
    for (let attempt = 1; attempt <= this.#attempts; attempt += 1) {
      this.#baseline = `baseline-${attempt}`;
      await this.#run(this.#baseline, { ...of, disturbance: null });
      if (this.#lagMs(this.#baseline) <= mostLagMs) return;
    }
  }

  /** Plays a case, again where the machine was too busy. */
  async play(of: Case): Promise<Played> {
    let played = await this.#playOnce(of, 1);
    for (let attempt = 2; attempt <= this.#attempts && scoreOf(played).isBusy; attempt += 1)
      played = await this.#playOnce(of, attempt);
    return played;
  }

  async #playOnce(of: Case, attempt: number): Promise<Played> {
    const id = `run-${of.number}-${attempt}`;
    const noted = await this.#run(id, of);
    const { started_at_sec: startedAtSec } = this.#shop.manifest(id);
    const done = noted && of.disturbance && asDone(of.disturbance, noted, startedAtSec);
    if (done !== null && of.isTold) this.#tell(id, done, startedAtSec);
    const truth = done && noted && { ...done, toSec: overSec(of, done, noted) - startedAtSec };
    const directory = this.#shop.path('runs');
    this.run = runDir(directory, id);
    const baseline = runDir(directory, this.#baseline);
    const analysis = await analyzeRuns({ baseline, run: this.run, thresholds });
    const firstSec = this.#shop
      .rows(id)
      .reduce((least, row) => Math.min(least, Number.parseFloat(row)), Infinity);
    const shiftSec = startedAtSec - Math.floor(firstSec);
    return {
      of,
      analysis,
      caughtSec: Number.POSITIVE_INFINITY,
      around: null,
      lagMs: Math.max(this.#lagMs(id), this.#lagMs(this.#baseline)),
      truth: truth && { ...truth, fromSec: truth.fromSec + shiftSec, toSec: truth.toSec + shiftSec },
    };
  }

  async #run(id: string, { protocol, disturbance, seed }: Case): Promise<Noted | null> {
    const service = await ScriptedService.start({
      protocol,
      ports: this.#ports,
      disturbance: disturbance && {
        ...disturbance,
        node: disturbance.node === null ? null : nodes.indexOf(disturbance.node),
      },
      seed,
    });
    const args = ['run', '--scenario', 's.yaml', '--mode', protocol, '--run-id', id];
    const { code, stderr } = await this.#shop.orch(args);
    const noted = await service.stop();
    // A node that is away when it ends, or a generator that was late for a moment, is no failure of the run itself.
    if (code !== 0 && code !== 2) throw new Error(`orch ended with ${code}: ${stderr}`);
    if (disturbance !== null && noted === null) throw new Error('the run was over before its disturbance');
    return noted;
  }

  #lagMs(id: string): number {
    return this.#shop.manifest(id).schedule_lag?.p99_ms ?? 0;
  }

  /** Writes into the run's log what it would say if it had done this itself. */
  #tell(id: string, done: Disturbance, zeroWallSec: number): void {
    const names = this.#ports.map((port) => `127.0.0.1:${port}`);
    const touched = names.filter((_, number) => done.node === null || done.node === nodes[number]);
    const faults = faultEvents(done, touched, { phase: 'load', zeroWallSec });
    const events = [...this.#shop.events(id), ...faults].toSorted((a, b) => a.run_ms - b.run_ms);
    writeFileSync(
      this.#shop.path('runs', id, 'events.jsonl'),
      events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    );
  }
}

/** With the times at which the service did it, in seconds of the run. */
function asDone(disturbance: Disturbance, { fromSec, toSec }: Noted, startedAtSec: number): Disturbance {
  return { ...disturbance, fromSec: fromSec - startedAtSec, toSec: toSec - startedAtSec };
}

/**
 * When it was over for the load, in Unix seconds: on Redis that has one lasting connection to each node, where one that was
 * lost has to be made again, and answers keep their order.
 */
function overSec({ protocol }: Case, disturbance: Disturbance, noted: Noted): number {
  if (protocol === 'http') return noted.toSec;
  const isLost = isOutage(disturbance) && disturbance.kind !== 'hang';
  return isLost ? (noted.reconnectedSec ?? Number.POSITIVE_INFINITY) : noted.caughtUpSec;
}

/** Below those that connections are given by themselves, so that none takes the place of a node that is away. */
const ports = { lowest: 20_000, count: 10_000 };

async function freePorts(): Promise<number[]> {
  const free: number[] = [];
  for (let attempt = 0; attempt < 100 && free.length < nodes.length; attempt += 1) {
    const port = ports.lowest + Math.floor(Math.random() * ports.count);
    if (!free.includes(port) && (await isFree(port))) free.push(port);
  }
  if (free.length < nodes.length) throw new Error('no ports are free');
  return free;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const listens = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return listens;
}
