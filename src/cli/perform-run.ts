import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { look } from '../check/look.ts';
import { nodesWithoutSecrets } from '../config/redact.ts';
import { startGuardian } from '../control/guardian-link.ts';
import { threadCount } from '../load/thread-count.ts';
import { isWorthRehearsing } from '../load/worth-rehearsing.ts';
import type { Manifest } from '../model/manifest.ts';
import type { NodeKind, NodeSpec } from '../model/node.ts';
import { loadedAt, withAddresses } from '../run/addresses.ts';
import { chosenMeans } from '../run/choose-means.ts';
import { lockNodes, nodeLocks } from '../run/locks.ts';
import { observers } from '../run/observer.ts';
import { loadedNodes, type Plan } from '../run/plan.ts';
import { executeRun, type FinishedRun, startedManifest } from '../run/run.ts';
import { peakRps } from '../run/peak-rate.ts';
import { Passages } from '../run/passages.ts';
import { standBetween, type StandBetweenOptions, wayBetween } from '../run/stand-between.ts';
import { unfinishedHere } from '../run/unfinished.ts';
import { withoutFaults } from '../run/without-faults.ts';
import { discardRunDir } from '../store/create-run.ts';
import { replaceJson } from '../store/json-file.ts';
import type { RunDir } from '../store/run-dir.ts';
import type { Target } from '../target/target.ts';
import { checkFiles } from './check-files.ts';
import { checkPassages, checkServing } from './check-serving.ts';
import { claimRunDir, lockRun } from './claim-run.ts';
import { Cleanup } from './cleanup.ts';
import { LiveLine } from './live-line.ts';
import { newSeed } from './options.ts';
import { checkRoles, resolvePlan } from './resolve-plan.ts';
import { identityOf } from './run-identity.ts';
import type { RunRequest } from './run-request.ts';
import { RunView } from './run-view.ts';
import { settleTraces } from './settle-traces.ts';
import { startTelemetry } from './start-telemetry.ts';
import type { World } from './world.ts';

export interface PerformedRun extends FinishedRun {
  readonly dir: RunDir;
}

/** One look whether a node answers. */
const probeMs = 1_000;

/** From a scenario to a finished run: plan, directory, driver, targets, the run. Everything opened is closed again. */
export async function performRun(world: World, asked: RunRequest): Promise<PerformedRun> {
  const { scenario } = asked;
  checkFiles(asked.loaded);
  const wish = asked.driver ?? asked.loaded.config.control.driver;
  const seed = asked.seed ?? newSeed();
  const { mode, plan: planned } = await resolvePlan(world, {
    scenario,
    config: asked.loaded.config,
    mode: asked.mode,
    wish,
    seed,
  });
  const request = settleTraces(asked, planned);
  const { config } = request.loaded;
  const obstacle = await unfinishedHere(request.runsRoot, world.host.name);
  if (obstacle !== null) throw obstacle;
  const view = new RunView(world, await LiveLine.on(world.stderr));
  await using cleanup = new Cleanup((text) => view.warn(text));
  cleanup.defer('giving the terminal back', () => view.close());
  const dir = await claimRunDir(world, request, mode);
  let begun = false;
  let leftBroken = false;
  cleanup.defer('removing the run’s directory', async () => {
    if (!begun && !leftBroken) await discardRunDir(dir);
  });
  const telemetry = await startTelemetry(
    world,
    request,
    { runId: dir.id, mode, plan: planned },
    view,
    cleanup,
  );
  await lockRun(dir, world.pid, cleanup);

  view.announce(dir.id, planned);
  const chosen = await world.connections.chooseDriver({
    wish,
    config,
    nodes: planned.nodes,
    disturbs: planned.disturbs,
    allowRemote: request.allowRemote,
    directory: resolve(world.cwd, dir.nodes),
    runPath: resolve(world.cwd, dir.path),
  });
  checkRoles(scenario, chosen, wish);
  view.say(`driver: ${chosen.name} (${chosen.reason})`);
  const identity = identityOf(world, request, dir, { mode, seed }, chosen);
  // From here on the run can be put in order by somebody else.
  await replaceJson(dir.manifest, startedManifest({ ...identity, nodes: [] }, world.clock.wall()));
  const guardian = await startGuardian({
    runPath: resolve(world.cwd, dir.path),
    env: absolutePaths(world.env, world.cwd),
    onLost: (text) => view.warn(text),
  });
  view.inEmergency(() => guardian.abandon());
  cleanup.defer('ending the guardian', () => (leftBroken ? guardian.handOver() : guardian.dismiss()));
  const mark = randomUUID().slice(0, 8);
  let noted: Pick<Manifest, 'proxies'> = {};
  let takeAway = (): Promise<readonly string[]> => Promise.resolve([]);
  cleanup.defer('closing the proxy', async () => {
    const left = await takeAway();
    if (left.length === 0) return;
    leftBroken = true;
    throw new Error(left.join('; '));
  });
  const { network_faults: way, proxy } = config.control;
  const passages = new Passages({
    proxy,
    seed,
    mark,
    clock: world.clock,
    allowRemote: request.allowRemote,
    async note(proxies) {
      noted = { proxies };
      await replaceJson(
        dir.manifest,
        startedManifest({ ...identity, ...noted, nodes: [] }, world.clock.wall()),
      );
    },
    onOpening: (close) => {
      takeAway = close;
    },
    onLost: (text) => view.warn(text),
  });
  const standing = chosen.driver && { driver: chosen.driver, passages, way, proxy };
  const opened = standing === null ? planned : await openDriver(planned, standing, cleanup);
  // Only now: embedded nodes have addresses of their own, wherever the config would have them.
  const held = await lockNodes(opened.nodes, chosen.scope, { role: 'run', pid: world.pid, run_id: dir.id });
  cleanup.defer('releasing the nodes', () => held.release());
  view.moved(planned.nodes, opened.nodes);
  const between = standing && (await standBetween(opened, standing));
  const plan = between?.plan ?? opened;
  const asLoaded = between?.asLoaded ?? ((node: NodeSpec) => node);
  for (const said of chosenMeans(plan)) view.say(said);

  const targets = await openTargets(world, request, plan, { seed, cleanup });
  const silenceOf = async (node: NodeSpec) => targets.get(node.kind)?.probe(node, probeMs) ?? 'not_connected';
  const serves = async (node: NodeSpec) => (await silenceOf(node)) === null;
  await checkServing(world, plan, chosen, silenceOf, view);
  await checkPassages(plan.nodes, asLoaded, serves);
  const peak = peakRps(plan);
  const load = await world.connections.openLoad({
    threads: threadCount(config.load, peak, world.host.cpus),
    rehearses: isWorthRehearsing(peak),
    targets,
    config,
    seed,
    nodes: loadedNodes(plan).map(asLoaded),
  });
  cleanup.defer('closing the load', () => load.close());

  begun = true;
  // Should it end in a way that is not foreseen, the guardian sees to the rest.
  leftBroken = true;
  const finished = await executeRun({
    identity: {
      ...identity,
      ...noted,
      nodes: nodesWithoutSecrets(plan.nodes),
      locks: plan.nodes.flatMap((node) => nodeLocks(node, chosen.scope)),
    },
    plan: loadedAt(request.series?.faults_left_out === true ? withoutFaults(plan) : plan, asLoaded),
    dir,
    clock: world.clock,
    hands: between?.hands ?? null,
    mark,
    takeAway,
    startLoad: load.start,
    serves,
    look: (asked, signal) => look(asked, { env: world.env, cwd: world.cwd, nodes: plan.nodes }, signal),
    observer: observers([view, ...telemetry]),
    interrupt: world.interrupt,
  });
  leftBroken = finished.outcome.undoFailures.length > 0;
  view.finish(finished.manifest, dir);
  return { ...finished, dir };
}

/** The guardian works in another directory: what the environment says of files must not depend on that. */
function absolutePaths(env: World['env'], cwd: string): World['env'] {
  const named = ['DOCKER_CERT_PATH', 'DOCKER_CONFIG', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
  const absolute = named.flatMap((name) => {
    const path = env[name];
    return path ? [[name, resolve(cwd, path)] as const] : [];
  });
  return { ...env, ...Object.fromEntries(absolute) };
}

async function openDriver(plan: Plan, standing: StandBetweenOptions, cleanup: Cleanup): Promise<Plan> {
  const { driver } = standing;
  cleanup.defer('closing the driver', () => driver.close());
  const managed = plan.nodes.filter((node) => node.managed);
  return withAddresses(plan, await driver.open(managed, await wayBetween(plan, standing)));
}

/** A target for each kind of node in the plan: it says whether a node answers. */
async function openTargets(
  world: World,
  { loaded }: RunRequest,
  plan: Plan,
  { seed, cleanup }: { readonly seed: number; readonly cleanup: Cleanup },
): Promise<ReadonlyMap<NodeKind, Target>> {
  const targets = new Map<NodeKind, Target>();
  for (const kind of new Set(plan.nodes.map((node) => node.kind))) {
    const target = await world.connections.openTarget(kind, loaded.config, seed);
    cleanup.defer('closing a target', () => target.close());
    targets.set(kind, target);
  }
  return targets;
}
