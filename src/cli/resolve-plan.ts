import type { LoadedScenario } from '../config/load.ts';
import { nodesOf, withLabels, workloadKinds } from '../config/nodes.ts';
import type { Config } from '../model/config.ts';
import { OrchError } from '../model/errors.ts';
import type { Mode, NodeSpec } from '../model/node.ts';
import { inferMode } from '../run/infer-mode.ts';
import { makePlan } from '../run/make-plan.ts';
import type { Plan } from '../run/plan.ts';
import { rolesToAsk } from '../run/select.ts';
import { labelsToAsk, targetsOf } from '../run/targets.ts';
import type { RoleAnswer } from '../target/redis-role.ts';
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
  const asked = [...new Set(targets.flatMap((criteria) => rolesToAsk(criteria, { nodes, mode })))];
  const replicates = nodes.some(({ replicaOf }) => replicaOf !== undefined);
  if (wish === 'process' && asked.length > 0 && !replicates) throw standAlone();
  const roleOf = wish === 'process' ? embeddedRole : (node: NodeSpec) => world.connections.roleOf(node);
  const roles = new Map(
    await Promise.all(asked.map(async (node) => [node.name, await roleOf(node)] as const)),
  );
  try {
    const { value, where } = scenario;
    return {
      mode,
      plan: makePlan({
        scenario: value,
        mode,
        nodes,
        roles,
        seed,
        blastRadius: config.blast_radius,
        workloads: workloadKinds(config),
        where,
      }),
    };
  } catch (error) {
    if (!(error instanceof OrchError)) throw error;
    const { code, message, details } = error;
    if (unseen !== null)
      throw new OrchError(code, message, { details, hint: `No container was asked for labels: ${unseen}.` });
    if (wish === 'auto' && replicates && [...roles.values()].some((answer) => 'problem' in answer))
      throw new OrchError(code, message, { details, hint: embeddedRolesHint });
    throw error;
  }
}

/** Embedded nodes are only made by the run: whoever was asked for a role where the driver was not named, it was not them. */
export function checkRoles({ value }: LoadedScenario, { name }: ChosenDriver, wish: DriverWish): void {
  if (name !== 'process' || wish === 'process') return;
  if (targetsOf(value).every(({ role }) => role === undefined)) return;
  throw new OrchError('driver-unavailable', 'no embedded Redis node was there to be asked for its `role`', {
    hint: embeddedRolesHint,
  });
}

/** As it is started. */
function embeddedRole({ replicaOf }: NodeSpec): RoleAnswer {
  return { role: replicaOf === undefined ? 'master' : 'replica' };
}

function standAlone(): OrchError {
  return new OrchError(
    'driver-unavailable',
    'embedded Redis nodes have no `role`: each of them stands alone',
    {
      hint: 'Say in control.process.replicas of config.yaml which replicates which, start a compose project whose nodes do, or name the nodes by `service`.',
    },
  );
}

const embeddedRolesHint =
  'With --driver process, embedded nodes have the roles that control.process.replicas of config.yaml gives them.';

const nothingAsked = { labels: new Map<string, never>(), unseen: null };
