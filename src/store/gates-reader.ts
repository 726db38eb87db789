import { messageOf } from '../model/errors.ts';
import { z } from '../model/zod.ts';
import { readTextIfAny } from './read-text.ts';

const reportSchema = z.object({
  gates: z.array(
    z.object({
      gate: z.string(),
      name: z.string().nullable(),
      status: z.enum(['passed', 'failed', 'inconclusive']),
    }),
  ),
});

export interface GatesReading {
  /** Null where there are none, as the run was not judged, or where they cannot be read. */
  readonly gates: z.output<typeof reportSchema>['gates'] | null;
  /** Why they cannot be read, as a sentence; null where they can, or where there are none. */
  readonly problem: string | null;
}

/**
 * Reads what came of a run's gates from its gates.json.
 * @throws OrchError `no-permission`, `file-not-found` where it is a directory
 */
export async function readGates(path: string): Promise<GatesReading> {
  const content = await readTextIfAny(path);
  if (content === null) return { gates: null, problem: null };
  try {
    return { gates: reportSchema.parse(JSON.parse(content)).gates, problem: null };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    return { gates: null, problem: `gates.json cannot be read: ${why.replaceAll('\n', ' ')}` };
  }
}
