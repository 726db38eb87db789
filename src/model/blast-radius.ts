import { z } from './zod.ts';

/** How much may be down at once, in a scenario or in config.yaml; where both say so, the stricter counts. */
export const blastRadiusSchema = z
  .strictObject({
    max_down: z.int().min(1).optional().describe('At most so many nodes may be down at once.'),
    min_healthy: z
      .int()
      .min(0)
      .optional()
      .describe('At least so many nodes of the kind that is disturbed (HTTP or Redis) must stay up.'),
  })
  .describe('Limits on what may be down at once; a plan or an action beyond them is refused.');

export type BlastRadius = z.output<typeof blastRadiusSchema>;

/** The stricter of two. */
export function stricter(one: BlastRadius, other: BlastRadius): BlastRadius {
  const down = [one.max_down, other.max_down].filter((value) => value !== undefined);
  const healthy = [one.min_healthy, other.min_healthy].filter((value) => value !== undefined);
  return {
    ...(down.length === 0 ? {} : { max_down: Math.min(...down) }),
    ...(healthy.length === 0 ? {} : { min_healthy: Math.max(...healthy) }),
  };
}
