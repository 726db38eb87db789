import type { Disturber } from '../../model/disturber.ts';
import { z } from '../../model/zod.ts';
import { type NodeContainers, unlessGone } from './node-containers.ts';
import { shortId } from './engine.ts';
import { endTagged, missingPrograms } from './programs.ts';
import { disturberOf } from '../one-kind.ts';
import { busyScript } from '../resource-scripts.ts';
import { tagOf } from '../tag.ts';

const prepared = z.strictObject({ container: z.string(), marker: z.string(), workers: z.number() });

/** How many are started at a time: each costs the engine a few calls. */
const atOnce = 8;

/**
 * Busy loops inside the container, within its own limits. Each is a process of its own that the engine started, so that
 * whoever ends it, the engine reaps it: the container's first process may not do that for children that are not its own.
 */
export function dockerCpuStress(containers: NodeContainers): Disturber {
  const { engine } = containers;
  return disturberOf({
    means: 'busy-loops',
    kind: 'cpu_stress',
    prepared,
    refusal: async (node) => missingPrograms(containers, node, ['grep']),
    async prepare(node, { workers }, marker) {
      return { container: containers.idOf(node), marker, workers };
    },
    async apply(_node, { container, marker, workers }) {
      for (let started = 0; started < workers; started += atOnce) {
        const some = Array.from({ length: Math.min(atOnce, workers - started) });
        await Promise.all(some.map(() => engine.launch(container, busyScript(marker))));
      }
    },
    remove: (node, { container, marker }) => unlessGone(endTagged(containers, node, container, marker)),
    async look(node, { container, marker, workers }) {
      const { state, evidence } = await containers.inspect(node, container);
      const name = `container ${shortId(container)}`;
      if (state === 'stopped') return { state: 'absent', evidence: `${name} ${evidence}` };
      const lines = await engine.commandLines(container);
      const busy = lines.filter((line) => line.includes(tagOf(marker))).length;
      return {
        state: busy === 0 ? 'absent' : busy === workers ? 'present' : 'partial',
        evidence: `${name} runs ${busy} of ${workers} busy loops`,
      };
    },
  });
}
