import { type ExitCode, exitCode } from '../model/errors.ts';
import { reportError } from './report-error.ts';
import type { World } from './world.ts';

/**
 * Looks at a run that has ended with `ran`. Its exit code wins over what the look comes to, unless it passed. Where a
 * fault is still in force even a look that fails is only told: nothing may hide that.
 */
export async function lookAtRun(
  world: Pick<World, 'stderr'>,
  ran: ExitCode,
  look: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    const seen = await look();
    return ran === exitCode.passed ? seen : ran;
  } catch (error) {
    if (ran !== exitCode.undoFailed) throw error;
    reportError(world, error);
    return ran;
  }
}
