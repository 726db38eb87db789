import type { Engine } from '../engine.ts';
import type { NetWay } from './way.ts';

const label = 'orch.helper';
const runLabel = 'orch.run';

/**
 * By a container of the given image beside the node's, for the length of one script.
 * @param runPath The directory of the run that it is for, absolute; null where there is none
 */
export function helperWay(engine: Engine, image: string, version: string, runPath: string | null): NetWay {
  const ofRun = runPath === null ? {} : { [runLabel]: runPath };
  const run = (networkMode: string, script: string, marker: string) =>
    engine.runHelper({ image, networkMode, script, labels: { [label]: marker, ...ofRun } });
  return {
    name: 'helper',
    says: `helper container of ${image}, ${version}`,
    enter: ({ id }, script, marker) => run(`container:${id}`, script, marker),
    rehearse: (script) => run('none', script, 'rehearsal'),
  };
}

/** A helper container of that marker, whether it runs or not; null where there is none. */
export async function helperOf(engine: Engine, marker: string): Promise<string | null> {
  return (await engine.labelled(label)).find(({ value }) => value === marker)?.id ?? null;
}

/**
 * Removes the helper containers that a killed process left behind: those of that marker, and any that is older than a
 * helper can become.
 */
export async function removeHelpers(engine: Engine, marker: string): Promise<void> {
  const oldestSec = Date.now() / 1000 - 600;
  for (const { id, value, createdSec } of await engine.labelled(label)) {
    if (value === marker || createdSec < oldestSec) await engine.remove(id);
  }
}

/** Removes every helper container that a run left which was killed, whatever it was for: also those that only looked. */
export async function removeHelpersOf(engine: Engine, runPath: string): Promise<void> {
  for (const { id, value } of await engine.labelled(runLabel)) if (value === runPath) await engine.remove(id);
}
