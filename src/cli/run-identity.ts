import { placedGates } from '../config/load.ts';
import { withoutSecrets } from '../config/redact.ts';
import type { Mode } from '../model/node.ts';
import type { RunIdentity } from '../run/run.ts';
import type { RunDir } from '../store/run-dir.ts';
import type { RunRequest } from './run-request.ts';
import type { ChosenDriver, World } from './world.ts';

/** What a run’s manifest says of it from its beginning on; its nodes come later. */
export function identityOf(
  world: World,
  { scenario, loaded, series }: RunRequest,
  dir: RunDir,
  decided: { readonly mode: Mode; readonly seed: number },
  { name, reason, engine }: ChosenDriver,
): Omit<RunIdentity, 'nodes'> {
  return {
    format: 1,
    run_id: dir.id,
    ...decided,
    scenario: {
      name: scenario.value.name,
      path: scenario.path,
      sha256: scenario.sha256,
      text: scenario.text,
      variables: Object.fromEntries(scenario.variables.map(({ name: key, value }) => [key, value])),
      includes: scenario.includes,
      gates: placedGates(scenario.value.gates, scenario.where).map(
        ({ gate: { text, name: called }, place }) => ({
          gate: text,
          name: called,
          place,
        }),
      ),
    },
    ...(series === undefined ? {} : { series }),
    config: withoutSecrets(loaded.config),
    driver: { name, reason, ...(engine === null ? {} : { engine }) },
    versions: world.versions,
    host: world.host,
  };
}
