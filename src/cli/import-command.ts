import { readUserFile } from '../config/files.ts';
import { importExperiment } from '../import/import-experiment.ts';
import type { Told } from '../import/ledger.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import { replaceFile } from '../store/json-file.ts';
import type { CommonOptions } from './options.ts';
import { reportError } from './report-error.ts';
import type { World } from './world.ts';

export interface ImportOptions extends CommonOptions {
  readonly out?: string;
  readonly partial?: boolean;
}

/** Writes the scenario of an experiment; where not all of it can be imported, only with `--partial`. */
export async function importCommand(world: World, file: string, options: ImportOptions): Promise<ExitCode> {
  const { yaml, unsupported, remarks } = importExperiment(await readUserFile(file, 'experiment'), file);
  for (const { where, message } of remarks) world.stderr.write(`${where}: ${message}\n`);
  const error = notWhole(file, unsupported, options.partial === true);
  if (error !== null && options.partial !== true) throw error;
  if (options.out === undefined) world.stdout.write(yaml);
  else await replaceFile(options.out, yaml);
  return error === null ? exitCode.passed : reportError(world, error);
}

function notWhole(file: string, unsupported: readonly Told[], isPartial: boolean): OrchError | null {
  if (unsupported.length === 0) return null;
  const what = unsupported.length === 1 ? '1 thing' : `${unsupported.length} things`;
  return new OrchError('import-unsupported', `${file} has ${what} that cannot be imported`, {
    details: unsupported.map(({ where, message }) => `${where}: ${message}`),
    hint: isPartial ? 'The scenario is without them.' : 'With --partial, what can be imported is.',
  });
}
