import type { NodeSpec } from '../model/node.ts';

/** What became of a write. `indeterminate`: it may or may not have been done. */
export type WriteOutcome = 'acknowledged' | 'indeterminate' | 'refused';

export interface WriteReply {
  readonly outcome: WriteOutcome;
  /** Empty where it was acknowledged; else a short code such as `timeout`, `READONLY`, `http_503`. */
  readonly error: string;
}

/** How often a token is there, or why that cannot be said, as a short code. */
export type ReadReply = { readonly times: number } | { readonly problem: string };

/** Where tokens are written, each once, and read back. A token consists of letters, digits, `.`, `_` and `-`. */
export interface WriteStore {
  /** Whether it can be seen that a token is there more than once. */
  readonly counts: boolean;
  /** Writes once, and never again by itself. Resolves in about the time limit; never rejects. */
  write(node: NodeSpec, token: string): Promise<WriteReply>;
  read(node: NodeSpec, token: string): Promise<ReadReply>;
  /** Takes away what was written, where that can be done. Never rejects. */
  tidy(node: NodeSpec): Promise<void>;
  close(): void;
}

export const acknowledged: WriteReply = { outcome: 'acknowledged', error: '' };

export function indeterminate(error: string): WriteReply {
  return { outcome: 'indeterminate', error };
}

export function refused(error: string): WriteReply {
  return { outcome: 'refused', error };
}
