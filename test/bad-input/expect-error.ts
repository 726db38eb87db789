import { expect } from 'vitest';
import type { Finished } from '../support.ts';

/** The user's own mistakes and the machine's bad days: a clear message, the documented exit code, and no stack trace. */
export function expectError({ code, stderr }: Finished, exit: number, ...says: (string | RegExp)[]): void {
  expect(stderr).not.toMatch(/\n\s+at .*\.(ts|js):\d+/);
  for (const what of says)
    expect(stderr).toMatch(what instanceof RegExp ? what : new RegExp(RegExp.escape(what)));
  expect(code, stderr).toBe(exit);
}
