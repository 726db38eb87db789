import type { LoadedScenario } from '../config/load.ts';
import { nodesOf, withLabels } from '../config/nodes.ts';
import type { Config } from '../model/config.ts';
import { OrchError } from '../model/errors.ts';
import type { Mode } from '../model/node.ts';
import { inferMode } from '../run/infer-mode.ts';
import { makePlan } from '../run/make-plan.ts';
import type { Plan } from '../run/plan.ts';
import { rolesToAsk } from '../run/select.ts';
import { labelsToAsk, targetsOf } from '../run/targets.ts';
import type { ChosenDriver, DriverWish, World } from './world.ts';

export interface ResolveRequest {
  readonly scenario: LoadedScenario;
  readonly config: Config;
  /** Undefined where it follows from the scenario. */
  readonly mode: Mode | undefined;
  readonly wish: DriverWish;
  readonly seed: number;
}

export interface ResolvedPlan {
  readonly mode: Mode;
  readonly plan: Plan;
}

/**
 * The plan of a scenario. Containers are asked for their labels, and Redis nodes for their roles, only where a target
 * depends on them; nothing is touched.
 * @throws OrchError `plan-invalid`, `docker-unreachable`, `driver-unavailable`
 */
export async function resolvePlan(world: World, request: ResolveRequest): Promise<ResolvedPlan> {
  const { scenario, config, wish, seed } = request;
  const configured = nodesOf(config);
  const mode = request.mode ?? scenario.value.mode ?? inferMode(scenario.value, configured);
  const targets = targetsOf(scenario.value);
  const keys = labelsToAsk(targets);
  const { labels, unseen } =
    keys.length === 0
      ? nothingAsked
      : await world.connections.labelsOf({ wish, config, nodes: configured, keys });
  const nodes = configured.map((node) => withLabels(node, labels.get(node.name) ?? {}));
  if (wish === 'process') refuseRoles(scenario);
  const asked = new Set(targets.flatMap((criteria) => rolesToAsk(criteria, { nodes, mode })));
  const roles = new Map(
    await Promise.all(
      [...asked].map(async (node) => [node.name, await world.connections.roleOf(node)] as const),
    ),
  );
  try {
    const { value, where } = scenario;
    return {
      mode,
      plan: makePlan({ scenario: value, mode, nodes, roles, seed, blastRadius: config.blast_radius, where }),
    };
  } catch (error) {
    if (unseen === null || !(error instanceof OrchError)) throw error;
    const { code, message, details } = error;
    throw new OrchError(code, message, { details, hint: `No container was asked for labels: ${unseen}.` });
  }
}

/** Whoever was asked for a role before, it was not the embedded nodes: these are only made by the run, and each stands alone. */
export function checkRoles(scenario: LoadedScenario, { name }: ChosenDriver): void {
  if (name === 'process') refuseRoles(scenario);
}

function refuseRoles({ value }: LoadedScenario): void {
  if (targetsOf(value).every(({ role }) => role === undefined)) return;
  throw new OrchError(
    'driver-unavailable',
    'embedded Redis nodes have no `role`: each of them stands alone',
    {
      hint: 'Start the compose project whose nodes replicate, or name the nodes by `service`.',
    },
  );
}

const nothingAsked = { labels: new Map<string, never>(), unseen: null };
