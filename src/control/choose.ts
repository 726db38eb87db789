import { OrchError } from '../model/errors.ts';
import type { NodeSpec } from '../model/node.ts';
import type { DockerProbe } from './docker/probe.ts';
import type { DriverName } from './driver.ts';

export interface ChoiceRequest {
  /** The nodes that the run loads or disturbs. */
  readonly nodes: readonly NodeSpec[];
  readonly disturbs: boolean;
  readonly project: string;
  readonly probe: DockerProbe;
  /** Whether the process driver can embed a service of that name. */
  readonly isEmbeddable: (service: string) => boolean;
}

export interface Choice {
  readonly name: DriverName | 'none';
  /** Why, as a clause. */
  readonly reason: string;
}

/**
 * What `auto` means: Docker where the engine answers and the project's services run; else embedded nodes, if all that
 * are needed are ones that orch brings itself; else none, for a run that disturbs nothing. Pure.
 * @throws OrchError `driver-unavailable` where faults are to be injected and no driver reaches the nodes, or where the
 * project is there but does not run: embedded nodes in its place would not be what was meant
 */
export function chooseDriver({ nodes, disturbs, project, probe, isEmbeddable }: ChoiceRequest): Choice {
  const services = nodes.filter(({ managed }) => managed).map(({ name }) => name);
  if (services.length === 0)
    return { name: 'none', reason: 'the nodes have no service names, they are only loaded' };
  const obstacle = dockerObstacle(services, project, probe);
  if (obstacle === null)
    return { name: 'docker', reason: `the compose project ${project} runs ${services.join(', ')}` };
  if (isPartlyThere(services, probe)) {
    throw new OrchError('driver-unavailable', obstacle, {
      hint: 'Start it with `docker compose up -d --wait`, or choose embedded nodes with --driver process.',
    });
  }
  const foreign = services.filter((service) => !isEmbeddable(service));
  if (foreign.length === 0) return { name: 'process', reason: `embedded nodes, as ${obstacle}` };
  if (!disturbs) return { name: 'none', reason: `${obstacle}; without faults the nodes are only loaded` };
  throw new OrchError('driver-unavailable', `no driver reaches ${foreign.join(', ')}: ${obstacle}`, {
    hint: 'Start the compose project, or name it in control.docker.project. The process driver embeds only orch’s own demo nodes.',
  });
}

/** Whether the project has containers of some of the services, which only do not run. */
function isPartlyThere(services: readonly string[], probe: DockerProbe): boolean {
  if (!probe.answers) return false;
  return probe.services.some(({ service, state }) => services.includes(service) && state !== 'missing');
}

/** What stands in the way of Docker; null where nothing does. */
function dockerObstacle(services: readonly string[], project: string, probe: DockerProbe): string | null {
  if (!probe.answers) return `Docker is not to be had (${probe.problem})`;
  const absent = services.flatMap((service) => {
    const state = probe.services.find((probed) => probed.service === service)?.state ?? 'missing';
    return state === 'missing' || state === 'stopped' ? [`${service} (${state})`] : [];
  });
  if (absent.length === 0) return null;
  return `the compose project ${project} does not run ${absent.join(', ')}`;
}
