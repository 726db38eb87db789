import type { NodeContainers } from './node-containers.ts';
import { tagPattern } from '../tag.ts';

/** Why a shell with these programs cannot be run in the container, as a clause; null where it can. */
export async function missingPrograms(
  containers: NodeContainers,
  node: string,
  programs: readonly string[],
): Promise<string | null> {
  const id = containers.idOf(node);
  const { state } = await containers.inspect(node, id);
  if (state !== 'running') return `it is ${state}, so that nothing can be run in it`;
  const text = 'for program in "$@"; do command -v "$program" >/dev/null || echo "$program"; done';
  const { exitCode, output } = await containers.engine.execute(id, {
    args: ['sh', '-c', text, 'sh', ...programs],
  });
  if (exitCode === 126 || exitCode === 127) return 'its image has no shell (sh)';
  return output === '' ? null : `its image has no ${output.split(/\s+/).join(', no ')}`;
}

/**
 * Ends what runs in the container under a fault's marker. Nothing runs in one that is stopped.
 * @throws Error where it is paused: nothing can be run in it, and what is frozen cannot end
 */
export async function endTagged(
  containers: NodeContainers,
  node: string,
  id: string,
  marker: string,
): Promise<void> {
  const { state } = await containers.inspect(node, id);
  if (state === 'stopped') return;
  if (state === 'paused') throw new Error(`${node} is paused: what runs in it cannot be ended`);
  const text =
    'for path in $(grep -l "$ORCH_TAG" /proc/[0-9]*/cmdline 2>/dev/null); do pid=${path#/proc/}; kill -9 "${pid%/cmdline}"; done';
  await containers.engine.execute(id, { args: ['sh', '-c', text], env: { ORCH_TAG: tagPattern(marker) } });
}
