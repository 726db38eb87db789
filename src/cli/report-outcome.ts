import { OrchError } from '../model/errors.ts';
import { exhaustionText } from '../model/exhaustion.ts';
import type { PerformedRun } from './perform-run.ts';
import { reportError } from './report-error.ts';
import type { World } from './world.ts';

/** Says, each with its code, what keeps a run that has ended from passing. */
export function reportOutcome(
  world: Pick<World, 'stderr'>,
  { manifest, outcome }: Pick<PerformedRun, 'manifest' | 'outcome'>,
): void {
  const { counts, conclusive, still_broken: broken } = manifest;
  const report = (error: unknown) => reportError(world, error);
  const lost = manifest.lost_steady_state ?? [];
  if (outcome.error !== undefined) {
    report(outcome.error);
  } else if (manifest.status === 'interrupted') {
    report(new OrchError('interrupted', `the run did not come to its end (${manifest.reason})`));
  } else if (lost.length > 0) {
    const message = `the system is not as well as it is to be when all is undone: ${lost.join(', ')}`;
    report(new OrchError('steady-state-lost', message));
  } else if (counts.due === 0 && !conclusive) {
    report(new OrchError('no-data', 'no request was due: nothing can be concluded from this run'));
  } else if (manifest.generator?.bottleneck === true) {
    report(bottleneck(manifest));
  } else if (!conclusive) {
    const [first = 'a fault or an action did not do what it was to do', ...others] = outcome.doubts;
    const more = others.length === 0 ? '' : ` (and ${others.length} more, see below)`;
    report(
      new OrchError('fault-ineffective', `nothing can be concluded from this run: ${first}${more}`, {
        hint: 'The log and events.jsonl say what was seen.',
        details: others,
      }),
    );
  }
  if (broken.length > 0) {
    const what = broken.length === 1 ? 'a fault' : `${broken.length} faults`;
    report(new OrchError('undo-failed', `${what} could not be undone`, { details: broken }));
  }
}

function bottleneck({ generator, schedule_lag: lag }: PerformedRun['manifest']): OrchError {
  const exhausted = exhaustionText(generator?.exhausted ?? {});
  if (exhausted !== null)
    return new OrchError('generator-bottleneck', `${exhausted}: nothing can be concluded from this run`, {
      hint: 'Lower load.max_in_flight or the rate, or raise the limit.',
    });
  const lateMs = Math.round(lag?.p99_ms ?? 0);
  return new OrchError(
    'generator-bottleneck',
    `the load generator could not keep its schedule (p99 ${lateMs} ms late): nothing can be concluded from this run`,
    {
      hint:
        generator?.workers === 0
          ? 'Lower the rate, or let threads make the load (load.workers).'
          : 'Lower the rate, free the machine of other work, or give the load more threads (load.workers).',
    },
  );
}
