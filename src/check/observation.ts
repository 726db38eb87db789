import type { CommandEnd } from '../control/command.ts';
import type { Json } from '../model/disturber.ts';
import type { HttpAnswer } from '../target/http.ts';

/** What was seen of the system: an answer, or in words why there was none. A failing system is a value, never a throw. */
export type Observation = (Answer | NoAnswer) & { readonly tookMs: number };

export type Answer =
  | ({ readonly kind: 'http' } & HttpAnswer)
  | { readonly kind: 'tcp' }
  /** An error is no reply. */
  | { readonly kind: 'redis'; readonly reply: Json }
  | ({ readonly kind: 'command' } & CommandEnd);

export interface NoAnswer {
  readonly kind: 'none';
  /** `ECONNREFUSED`, `no answer within 5s`, `LOADING Redis is loading the dataset in memory` … */
  readonly error: string;
}

export interface Verdict {
  readonly holds: boolean;
  /** What that was seen by: `status 503, not 2xx`. */
  readonly evidence: string;
}
