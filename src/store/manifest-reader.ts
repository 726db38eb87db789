import type { Config } from '../model/config.ts';
import { messageOf } from '../model/errors.ts';
import type { Manifest } from '../model/manifest.ts';
import { variableValueSchema } from '../model/variables.ts';
import { z } from '../model/zod.ts';
import { readTextIfAny } from './read-text.ts';

const text = z.string();
const number = z.number();

const example = z.object({ token: text, node: text, acknowledged_sec: number, seen: text });
const correctness = z.object({
  lost_writes: number.nullable(),
  duplicates: number.nullable(),
  stale_reads: number,
  checks: z.array(
    z.object({
      name: text,
      acknowledged: number,
      indeterminate: number,
      refused: number,
      skipped: number,
      read_from: text.nullable(),
      lost: number,
      duplicates: number.nullable(),
      stale_reads: number,
      indeterminate_there: number,
      unread: number,
      examples: z.object({
        lost: z.array(example),
        duplicates: z.array(example),
        stale_reads: z.array(example),
      }),
    }),
  ),
});

/** The config is kept for people and for repeating the run; further keys of a newer one must not make it unreadable. */
const keptConfig = z.custom<Config>((value) => typeof value === 'object' && value !== null);

const manifestSchema: z.ZodType<Manifest> = z.object({
  format: z.literal(1),
  run_id: text,
  status: z.enum(['running', 'complete', 'stopped', 'interrupted', 'failed']),
  reason: text.nullable(),
  conclusive: z.boolean(),
  mode: z.enum(['http', 'redis']),
  seed: number,
  scenario: z.object({
    name: text,
    path: text,
    sha256: text,
    text,
    variables: z.record(text, variableValueSchema).exactOptional(),
    includes: z.array(z.object({ path: text, sha256: text, text })).exactOptional(),
    gates: z.array(z.object({ gate: text, name: text.nullable(), place: text.nullable() })).exactOptional(),
  }),
  series: z
    .object({
      id: text,
      pair: number,
      of: number,
      side: z.enum(['baseline', 'fault']),
      faults_left_out: z.boolean(),
    })
    .exactOptional(),
  config: keptConfig,
  driver: z.object({ name: text, reason: text, engine: text.exactOptional() }),
  nodes: z.array(z.object({ name: text, kind: z.enum(['http', 'redis']), url: text, managed: z.boolean() })),
  locks: z.array(text).exactOptional(),
  proxies: z.object({ at: text, names: z.array(text) }).exactOptional(),
  versions: z.object({ orch: text, node: text }),
  host: z.object({ name: text, os: text, cpus: number, memory_mb: number }),
  started_at_sec: number,
  ended_at_sec: number.nullable(),
  clock_offset_ms: number,
  counts: z.object({ due: number, ok: number, fail: number, unknown: number, dropped: number }),
  lost_rows: number.exactOptional(),
  schedule_lag: z
    .object({ p50_ms: number, p99_ms: number, p99_9_ms: number.exactOptional(), max_ms: number })
    .nullable(),
  generator: z
    .object({
      workers: number,
      event_loop_delay: z.object({ p50_ms: number, p99_ms: number, max_ms: number }).nullable(),
      in_flight_max: number,
      dropped: number,
      exhausted: z.record(text, number).exactOptional(),
      behind_sec: number,
      bottleneck: z.boolean(),
    })
    .exactOptional(),
  still_broken: z.array(text),
  lost_steady_state: z.array(text).exactOptional(),
  correctness: correctness.exactOptional(),
  correctness_reason: text.exactOptional(),
});

export interface ManifestReading {
  /** Null where there is none (a run of another origin), or where it cannot be read. */
  readonly manifest: Manifest | null;
  /** Why it cannot be read, as a sentence; null where it can, or where there is none. */
  readonly problem: string | null;
}

/**
 * Reads a run's manifest.json.
 * @throws OrchError `no-permission`, `file-not-found` where it is a directory
 */
export async function readManifest(path: string): Promise<ManifestReading> {
  const content = await readTextIfAny(path);
  if (content === null) return { manifest: null, problem: null };
  try {
    const manifest = manifestSchema.safeParse(JSON.parse(content));
    if (manifest.success) return { manifest: manifest.data, problem: null };
    return unreadable(z.prettifyError(manifest.error).replaceAll('\n', ' '));
  } catch (error) {
    return unreadable(messageOf(error));
  }
}

function unreadable(why: string): ManifestReading {
  return { manifest: null, problem: `manifest.json cannot be read: ${why}` };
}
