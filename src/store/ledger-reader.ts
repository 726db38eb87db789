import { writeCheckSchema } from '../model/write-check.ts';
import { z } from '../model/zod.ts';
import type { LedgerLine } from './ledger-writer.ts';
import { readTextIfAny } from './read-text.ts';

const text = z.string();
const about = { check: text, token: text, node: text };

const lineSchema: z.ZodType<LedgerLine> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('write'),
    ...about,
    sent_ms: z.number(),
    done_ms: z.number(),
    outcome: z.enum(['acknowledged', 'indeterminate', 'refused']),
    error: text,
  }),
  z.object({
    type: z.literal('check'),
    check: text,
    prefix: text,
    nodes: z.array(text),
    asked: writeCheckSchema.shape.lost_writes.nullable(),
  }),
  z.object({ type: z.literal('stale_read'), ...about }),
  z.object({ type: z.literal('read_back'), ...about, times: z.number().nullable() }),
]);

/**
 * The lines of a run's writes.jsonl, but for those that are none, as the last one may be; null where there is no such file.
 * @throws OrchError `no-permission`, `file-not-found` where it is a directory
 */
export async function readLedger(path: string): Promise<readonly LedgerLine[] | null> {
  const content = await readTextIfAny(path);
  if (content === null) return null;
  return content.split('\n').flatMap((line) => lineOf(line) ?? []);
}

function lineOf(line: string): LedgerLine | null {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
