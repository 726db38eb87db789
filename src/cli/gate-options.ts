import type { LoadedScenario } from '../config/load.ts';
import { OrchError } from '../model/errors.ts';
import type { PlacedGate } from '../model/gate.ts';
import { gateOf, isMistake } from '../model/gate-schema.ts';
import { parseGate } from '../model/gate-parser.ts';
import type { Manifest } from '../model/manifest.ts';
import { refuseNoPlace, removeFile } from '../store/json-file.ts';

/** Options of commands that judge gates. */
export interface GateOptions {
  /** Gates beside those of scenario and config. */
  readonly gate?: readonly string[];
  readonly junit?: string;
  readonly markdown?: string;
  /** Tell GitHub Actions too. */
  readonly github?: boolean;
}

/**
 * The gates of `--gate`.
 * @throws OrchError `usage`, with a mark below what is wrong with each
 */
export function parseGates(texts: readonly string[] = []): readonly PlacedGate[] {
  const parsed = texts.map((text) => ({ text, gate: parseGate(text) }));
  const wrong = parsed.flatMap(({ text, gate }) => (isMistake(gate) ? [{ text, ...gate }] : []));
  if (wrong.length > 0) {
    const what = wrong.length === 1 ? '--gate is none' : `${wrong.length} of --gate are none`;
    throw new OrchError('usage', `${what}: METRIC COMPARISON LIMIT [during PHASE] [for NODE]`, {
      details: wrong.flatMap(({ text, at, message }) => [
        text.replaceAll(/\s/g, ' '),
        `${' '.repeat(at)}^ ${message}`,
      ]),
    });
  }
  return texts.map((text) => ({ gate: gateOf(text), place: null }));
}

/** A scenario with the gates of `--gate` beside its own, so that they are checked, and kept, as those are. */
export function withGates(scenario: LoadedScenario, texts: readonly string[]): LoadedScenario {
  const { gates } = scenario.value;
  return {
    ...scenario,
    value: { ...scenario.value, gates: [...gates, ...texts] },
    where: (path) =>
      path[0] === 'gates' && Number(path[1]) >= gates.length ? '--gate' : scenario.where(path),
  };
}

/**
 * The gates of the scenario that a run was made of, as it was then.
 * @throws OrchError `usage` where one is none any more: it was written for another version, or by hand
 */
export function keptGates(manifest: Manifest | null): readonly PlacedGate[] {
  const kept = manifest?.scenario.gates ?? [];
  return kept.map(({ gate, name, place }) => {
    const parsed = parseGate(gate);
    if (isMistake(parsed))
      throw new OrchError('usage', `the run was made with the gate \`${gate}\`: ${parsed.message}`);
    return { gate: { ...parsed, name }, place };
  });
}

/**
 * That all can be written that is asked for, as far as can be seen beforehand. What an earlier command wrote there goes: one
 * that is interrupted, or refused, comes to write nothing, and CI would take the old for what it came to.
 * @throws OrchError `file-not-found` (no such directory, or it is one itself), `no-permission`
 */
export async function clearPlaces({ junit, markdown }: GateOptions): Promise<void> {
  const paths = [junit, markdown].filter((path) => path !== undefined);
  for (const path of paths) await refuseNoPlace(path);
  for (const path of paths) await removeFile(path);
}
