import type { Gate } from './gate.ts';
import { type GateMistake, parseGate } from './gate-parser.ts';
import { z } from './zod.ts';

/** Gates as they stand in a scenario or a config. */

const gateText = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseGate(text);
    if (isMistake(parsed)) context.addIssue({ code: 'custom', message: mistakeText(parsed) });
  })
  .describe('Such as `error_rate < 1%`, `p(99) < 250 during recovery` or `regression(p95) < 10%`.');

const gateSchema = z.union([
  gateText,
  z.strictObject({
    gate: gateText,
    name: z.string().min(1).optional().describe('What it is called where results are shown.'),
  }),
]);

export const gatesSchema = z
  .array(gateSchema)
  .default([])
  .describe('What a run must come to. No data is never a pass.');

/** A gate as it stands in a file. */
export type WrittenGate = z.output<typeof gateSchema>;

/** @param written It was found to be right before. */
export function gateOf(written: WrittenGate): Gate {
  const { gate: text, name = null } = typeof written === 'string' ? { gate: written } : written;
  const parsed = parseGate(text);
  if (isMistake(parsed)) throw new Error(`the gate \`${text}\` was taken for right: ${parsed.message}`);
  return { ...parsed, name };
}

export function isMistake(parsed: object): parsed is GateMistake {
  return 'message' in parsed;
}

function mistakeText({ message, at }: GateMistake): string {
  return `at character ${at + 1}, ${message}`;
}
