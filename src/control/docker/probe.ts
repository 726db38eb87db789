import { messageOf, OrchError } from '../../model/errors.ts';
import type { Labels } from '../../model/node.ts';
import type { Engine, EngineVersion } from './engine.ts';
import { containersOf } from './nodes.ts';
import type { NodeState } from '../driver.ts';

/** What there is of Docker here: for the choice of a driver, and for `orch doctor`. */
export type DockerProbe =
  | ({ readonly answers: true; readonly services: readonly ProbedService[] } & EngineVersion)
  | { readonly answers: false; readonly problem: string; readonly hint: string | undefined };

export interface ProbedService {
  readonly service: string;
  /** The state of its one container; `missing` where it has none, `ambiguous` where it has several. */
  readonly state: NodeState | 'missing' | 'ambiguous';
  /** Of its one container. */
  readonly labels?: Labels;
}

/** Both questions are asked at once, so that the answer comes within the engine's limit for one call. Never rejects. */
export async function probeEngine(
  engine: Engine,
  project: string,
  services: readonly string[],
): Promise<DockerProbe> {
  try {
    const [version, containers] = await Promise.all([engine.version(), engine.list()]);
    return {
      answers: true,
      ...version,
      services: services.map((service) => {
        const [first, second] = containersOf(containers, project, service);
        if (first === undefined) return { service, state: 'missing' };
        if (second !== undefined) return { service, state: 'ambiguous' };
        return { service, state: first.state, labels: first.labels };
      }),
    };
  } catch (thrown) {
    return {
      answers: false,
      problem: messageOf(thrown),
      hint: thrown instanceof OrchError ? thrown.hint : undefined,
    };
  }
}
