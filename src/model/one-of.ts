import type { z } from './zod.ts';

/** That exactly one of these keys is given. */
export function oneOf(keys: readonly string[]) {
  return (fields: object, context: z.RefinementCtx): void => {
    const given = keys.filter((key) => Reflect.get(fields, key) !== undefined);
    if (given.length === 0 && !hasUnknownKeys(context)) tell(context, [], `needs one of ${keys.join(', ')}`);
    for (const key of given.slice(1))
      tell(context, [key], `stands beside ${given[0]}; only one of them can be`);
  };
}

/** An unknown key is told as such; it may well be the one that is missing. */
export function hasUnknownKeys({ issues }: z.RefinementCtx): boolean {
  return issues.some(({ code }) => code === 'unrecognized_keys');
}

export function tell(context: z.RefinementCtx, path: readonly string[], message: string): void {
  context.addIssue({ code: 'custom', path: [...path], message });
}
