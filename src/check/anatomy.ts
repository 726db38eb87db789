import type { Json } from '../model/disturber.ts';
import type { Matcher } from '../model/expect.ts';
import type { Answer } from './observation.ts';

/** What an answer is made of, by the names that expectations and evidence have for it. */
export interface Anatomy {
  /** By `status`, `header age`, `body`, `exit`, `stdout`, `stderr`, `reply`. */
  readonly parts: Readonly<Record<string, Json>>;
  /** The part that says by itself whether all is well, and what it says then; null where there is none. */
  readonly code: { readonly name: string; readonly good: Matcher } | null;
  /** The part that holds what was asked for. */
  readonly content: string;
}

export function anatomyOf(answer: Answer): Anatomy {
  switch (answer.kind) {
    case 'http': {
      const { status, headers, body } = answer;
      const named = Object.entries(headers).map(([name, value]) => [`header ${name}`, value]);
      return {
        parts: { status, body, ...Object.fromEntries(named) },
        code: { name: 'status', good: '2xx' },
        content: 'body',
      };
    }
    case 'tcp':
      return { parts: { connection: 'made' }, code: null, content: 'connection' };
    case 'redis':
      return { parts: { reply: answer.reply }, code: null, content: 'reply' };
    case 'command': {
      const { exit, stdout, stderr } = answer;
      return { parts: { exit, stdout, stderr }, code: { name: 'exit', good: 0 }, content: 'stdout' };
    }
  }
}
