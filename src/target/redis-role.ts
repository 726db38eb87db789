import type { RedisRole } from '../model/selector.ts';

/** What a Redis node said of its role, or why it is not known, as a clause. */
export type RoleAnswer = { readonly role: RedisRole } | { readonly problem: string };

const roles: ReadonlyMap<unknown, RedisRole> = new Map([
  ['master', 'master'],
  ['slave', 'replica'],
]);

/** The reply to `ROLE`: a list whose first word is `master`, `slave` or `sentinel`. */
export function roleOf(reply: unknown): RoleAnswer {
  const word: unknown = Array.isArray(reply) ? reply[0] : undefined;
  const role = roles.get(word);
  return role === undefined ? { problem: `it answers ${JSON.stringify(word ?? reply)} to ROLE` } : { role };
}
