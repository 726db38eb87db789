import { access, constants, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../model/config.ts';
import { type ExitCode, exitCode, messageOf, OrchError } from '../model/errors.ts';
import { configSchema } from '../model/config.ts';
import { engineFinding, projectFinding } from './doctor-docker.ts';
import { embeddedFindings } from './doctor-embedded.ts';
import type { Finding } from './doctor-finding.ts';
import { nodeFindings } from './doctor-nodes.ts';
import { unfinishedHere } from '../run/unfinished.ts';
import type { CommonOptions } from './options.ts';
import { painter } from './style.ts';
import type { Surroundings, World } from './world.ts';

export async function doctorCommand(
  world: World,
  options: CommonOptions & { readonly json?: boolean },
): Promise<ExitCode> {
  const [configFinding, config] = await checkConfig(world, options);
  const { docker, project, toxiproxy, ...embedded } = await world.connections.look(config);
  const findings: Finding[] = [
    {
      what: 'orch',
      state: 'ok',
      says: `${world.versions.orch} on Node ${world.versions.node}, ${world.host.os}, ${world.host.cpus} CPUs`,
    },
    configFinding,
    await checkRuns(options.runs),
    await checkUnfinished(options.runs, world.host.name),
    engineFinding(docker),
    projectFinding(docker.usable, project),
    ...embeddedFindings(embedded),
    ...(toxiproxy === null ? [] : [toxiproxyFinding(toxiproxy)]),
    ...(await nodeFindings(config)),
    checkModel(world, config),
  ];
  if (options.json === true) world.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else print(world, findings);
  return findings.some(({ state }) => state === 'broken') ? exitCode.invalid : exitCode.passed;
}

function toxiproxyFinding({ usable, says }: NonNullable<Surroundings['toxiproxy']>): Finding {
  const what = 'toxiproxy';
  if (usable) return { what, state: 'ok', says };
  const remedy = 'Start it (toxiproxy-server), or correct control.proxy; `embedded` needs none.';
  return { what, state: 'missing', says, remedy };
}

async function checkConfig(world: World, options: CommonOptions): Promise<[Finding, Config]> {
  try {
    const { config, path } = await loadConfig(options.config, world.cwd);
    return [{ what: 'config', state: 'ok', says: path ?? 'no config.yaml here: the defaults hold' }, config];
  } catch (error) {
    if (!(error instanceof OrchError)) throw error;
    const says = [error.message, ...error.details].join('; ');
    return [{ what: 'config', state: 'broken', says, remedy: 'Correct the file.' }, configSchema.parse({})];
  }
}

async function checkRuns(runs: string): Promise<Finding> {
  const path = resolve(runs);
  try {
    const there = await nearestThere(path);
    await access(there, constants.W_OK);
    const { bavail, bsize } = await statfs(there);
    const freeGb = (bavail * bsize) / 1e9;
    const says = `${path}, ${freeGb.toFixed(1)} GB free`;
    if (freeGb >= 1) return { what: 'runs directory', state: 'ok', says };
    return {
      what: 'runs directory',
      state: 'missing',
      says,
      remedy: 'An hour at 5,000 rps takes about 2 GB: free some space.',
    };
  } catch (error) {
    const remedy = 'Choose another with --runs DIR, or give yourself write access.';
    return { what: 'runs directory', state: 'broken', says: messageOf(error), remedy };
  }
}

/** A run that is not in order keeps others from beginning. */
async function checkUnfinished(runs: string, host: string): Promise<Finding> {
  const what = 'runs';
  try {
    const obstacle = await unfinishedHere(runs, host);
    if (obstacle === null) return { what, state: 'ok', says: 'none was cut off, none left something broken' };
    return { what, state: 'broken', says: obstacle.message, remedy: obstacle.hint ?? '' };
  } catch (error) {
    return {
      what,
      state: 'broken',
      says: messageOf(error),
      remedy: 'Choose another directory with --runs DIR.',
    };
  }
}

/** The path, or of the directories above it the first that exists: the run would make the rest. */
async function nearestThere(path: string): Promise<string> {
  return access(path).then(
    () => path,
    () => nearestThere(dirname(path)),
  );
}

function checkModel(world: World, config: Config): Finding {
  const what = 'summary by a model';
  if (!config.llm.enabled)
    return { what, state: 'ok', says: 'switched off (llm.enabled): the template is used' };
  if ((world.env['GROQ_API_KEY'] ?? '') !== '')
    return { what, state: 'ok', says: `${config.llm.model}, GROQ_API_KEY is set` };
  return {
    what,
    state: 'missing',
    says: 'GROQ_API_KEY is not set: the template is used',
    remedy: 'export GROQ_API_KEY=…',
  };
}

function print(world: World, findings: readonly Finding[]): void {
  const paint = painter(world.stdout);
  const mark = {
    ok: paint('green', 'ok     '),
    missing: paint('yellow', 'missing'),
    broken: paint('red', 'broken '),
  };
  const width = Math.max(...findings.map(({ what }) => what.length));
  for (const { what, state, says, remedy } of findings) {
    world.stdout.write(`${mark[state]}  ${what.padEnd(width)}  ${says}\n`);
    if (remedy !== undefined && state !== 'ok') world.stdout.write(`${' '.repeat(width + 11)}→ ${remedy}\n`);
  }
}
