import { blastRadiusSchema } from './blast-radius.ts';
import { controlSchema } from './control-config.ts';
import { gatesSchema } from './gate-schema.ts';
import { httpUrl } from './probe.ts';
import { isManyNodes } from './redis-endpoint.ts';
import { redisNodeUrl } from './redis-url.ts';
import { traceRunPattern } from './trace-context.ts';
import { feedsSchema, httpWorkloadSchema, redisWorkloadSchema, workloadsSchema } from './workload.ts';
import { z } from './zod.ts';

/** config.yaml. An older file with only the first keys works unchanged: every newer key has a default. */

const serviceName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be a service name: letters, digits, `.`, `_`, `-`');

const anomalyDetection = z
  .strictObject({
    throughput_drop_threshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('A second below baseline × (1 − this) is anomalous.'),
    error_rate_threshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe('A second with a higher error rate is anomalous.'),
    warmup_ignore_sec: z
      .number()
      .min(0)
      .default(2)
      .describe('Seconds at the start of a run that do not count.'),
    latency_shift_threshold: z
      .number()
      .positive()
      .max(100)
      .default(0.5)
      .describe('Latency has shifted where the median, or the p95, is above the baseline’s × (1 + this).'),
    latency_shift_min_ms: z
      .number()
      .min(0)
      .default(5)
      .describe('A smaller shift of the latency is none, in milliseconds.'),
    recovery_windows: z
      .int()
      .min(1)
      .max(1000)
      .default(5)
      .describe(
        'For so many windows of ten requests (of 0.1 s at least, 1 s at most) all must be as in the baseline before a node counts as recovered.',
      ),
  })
  .prefault({});

const llm = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('False: always write the template summary, never call a model.'),
    provider: z.literal('groq').default('groq'),
    model: z.string().min(1).default('llama-3.3-70b-versatile'),
    temperature: z.number().min(0).max(2).default(0.2),
    max_words: z.int().min(20).max(5000).default(300),
    base_url: z
      .url()
      .optional()
      .describe('Any OpenAI-compatible server, for example http://127.0.0.1:11434/v1.'),
    timeout_sec: z
      .number()
      .positive()
      .max(600)
      .default(30)
      .describe('Hard limit for one summary, retries included.'),
  })
  .prefault({});

const load = z
  .strictObject({
    max_in_flight: z
      .int()
      .min(1)
      .max(100_000)
      .default(1000)
      .describe('Requests beyond this many in flight are recorded as dropped.'),
    timeout_sec: z
      .number()
      .positive()
      .max(600)
      .default(5)
      .describe('A request without an answer for this long is `unknown`.'),
    workers: z
      .union([z.literal('auto'), z.int().min(0).max(64)])
      .default('auto')
      .describe(
        'Threads that make the load; auto: one, and more where the rate is above what one can do. 0: the thread that keeps the run’s clock, for debugging.',
      ),
    spread: z
      .enum(['random', 'round_robin'])
      .default('random')
      .describe('How requests spread over the nodes of a target.'),
    traceparent: z
      .union([z.boolean(), z.string().regex(traceRunPattern, 'must be true, false or 16 hexadecimal digits')])
      .optional()
      .describe(
        'True: each HTTP request has a `traceparent` of its own (W3C Trace Context), whose trace stands in its row. Digits: the first half of the ids, which is drawn anew for each run otherwise. Default: false.',
      ),
  })
  .prefault({});

const nodeSettings = z.strictObject({
  labels: z
    .record(z.string().min(1), z.string())
    .default({})
    .describe('For `label` in the targets of scenarios; they come before the labels of its container.'),
});

export const configSchema = z
  .strictObject({
    http_nodes: z
      .array(httpUrl)
      .default(['http://127.0.0.1:8001', 'http://127.0.0.1:8002', 'http://127.0.0.1:8003'])
      .describe('Addresses that HTTP load goes to.'),
    http_services: z
      .array(serviceName)
      .optional()
      .describe(
        'Compose service names of http_nodes, in the same order. Without them nodes can be loaded, not disturbed.',
      ),
    redis_nodes: z
      .array(redisNodeUrl)
      .default(['redis://127.0.0.1:6379', 'redis://127.0.0.1:6380'])
      .describe('Addresses that Redis load goes to.'),
    redis_services: z
      .array(serviceName)
      .optional()
      .describe('Compose service names of redis_nodes, in the same order; clusters and Sentinels have none.'),
    nodes: z
      .record(z.string().min(1), nodeSettings)
      .default({})
      .describe('What is known of single nodes, by service name, or by host:port where they have none.'),
    gates: gatesSchema,
    anomaly_detection: anomalyDetection,
    slo: z
      .number()
      .positive()
      .lt(100)
      .optional()
      .describe(
        'The share of requests that are to succeed, in percent, such as 99.9: what faults cost is told as a share of a month’s error budget, too.',
      ),
    blast_radius: blastRadiusSchema.prefault({}),
    llm,
    control: controlSchema,
    load,
    http_workload: httpWorkloadSchema.prefault({}),
    redis_workload: redisWorkloadSchema
      .default([{ weight: 1, commands: ['INCR orch:counter', 'GET orch:counter'] }])
      .describe('The mix of operations; each is one request.'),
    workloads: workloadsSchema,
    feeds: feedsSchema,
  })
  .superRefine((config, context) => {
    for (const kind of ['http', 'redis'] as const) {
      const nodes = config[`${kind}_nodes`];
      const single = nodes.filter((url) => !isManyNodes(url));
      const services = config[`${kind}_services`];
      const report = (path: PropertyKey[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      if (services !== undefined && services.length !== single.length) {
        report(
          [`${kind}_services`],
          `${services.length} names for ${single.length} ${kind}_nodes: there must be one for each, in the same order`,
        );
      }
      for (const [list, key] of [
        [nodes, `${kind}_nodes`],
        [services ?? [], `${kind}_services`],
      ] as const) {
        list.forEach((entry, index) => {
          if (list.indexOf(entry) < index) report([key, index], 'stands twice in the list');
        });
      }
    }
    config.redis_services?.forEach((name, index) => {
      if (config.http_services?.includes(name) === true) {
        context.addIssue({
          code: 'custom',
          path: ['redis_services', index],
          message: 'is an HTTP service already',
        });
      }
    });
  })
  .describe('Where the nodes are, how they are reached, and what counts as an anomaly.');

export type Config = z.output<typeof configSchema>;
export type AnomalyThresholds = Config['anomaly_detection'];
export type LlmConfig = Config['llm'];
