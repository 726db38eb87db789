import { z } from './zod.ts';

/**
 * What each kind of fault may be told: the parameters of its action in a scenario, and what the journal keeps of it.
 * Field names are the format's own, so they stay in snake_case. Shares are fractions: 0 does nothing, 1 always.
 */

const share = z
  .number()
  .min(0, 'must be a share from 0 to 1')
  .max(1, 'must be a share from 0 to 1, such as 0.1 for one in ten');
const shareOfRequests = share.default(1).describe('Share of the requests, from 0 to 1; default: all.');
const ms = z.number().positive().max(600_000);
const paths = z
  .array(z.string().startsWith('/', 'must be a path that begins with /, such as /work'))
  .min(1)
  .optional()
  .describe('Only requests whose path begins with one of these; default: all.');
const peerName = z
  .string()
  .min(1)
  .regex(/^[^*?]*$/, 'must be a name: no globs here, each peer is named by itself');
const peerNames = z.array(peerName).min(1);

const kill = z.strictObject({
  how: z
    .enum(['crash', 'api'])
    .optional()
    .describe(
      'crash: SIGKILL to the process itself, so that a restart policy acts as after a crash. api: the engine’s kill, which a restart policy ignores. Default: crash where orch may signal the process, else api.',
    ),
});
const stop = z.strictObject({
  grace_sec: z.number().min(0).max(600).default(10).describe('Seconds between SIGTERM and SIGKILL.'),
});
const partition = z.strictObject({
  from: z
    .union([z.string().min(1), peerNames], {
      error: 'must be `clients`, the service name of a node, or a list of such names',
    })
    .default('clients')
    .describe(
      'Whom the node is cut off from: `clients` (the load), or a node by its service name, or a list of them; of embedded nodes, Redis ones of the same primary.',
    ),
  direction: z
    .enum(['both', 'in', 'out'])
    .default('both')
    .describe('As seen from the node: what comes `in`, what goes `out`, or both.'),
});
const latency = z.strictObject({
  latency_ms: ms.describe('Added to each answer, in milliseconds.'),
  jitter_ms: z
    .number()
    .min(0)
    .max(600_000)
    .default(0)
    .describe('Up to this much more or less, evenly spread.'),
});
const loss = z.strictObject({
  share: share.describe('Share of the packets that are lost, from 0 to 1; TCP sends them again.'),
});
const bandwidth = z.strictObject({
  rate_kbit: z
    .number()
    .positive()
    .max(100_000_000)
    .describe('What the node may send, in kilobits (1,000 bits) per second.'),
});
const reset = z.strictObject({
  share: share.default(1).describe('Share of the new connections, from 0 to 1; default: all.'),
  after_bytes: z
    .int()
    .min(0)
    .default(0)
    .describe('Reset once the node has sent this many bytes; 0: as soon as the connection is made.'),
});
const blackHole = z.strictObject({
  share: share.default(1).describe('Share of the connections that fall silent, from 0 to 1; default: all.'),
});
const slowClose = z.strictObject({ delay_ms: ms.describe('How long each connection takes to close.') });
const httpStatus = z.strictObject({
  status: z.int().min(200).max(599).default(503).describe('The status that is answered in the node’s place.'),
  share: shareOfRequests,
  paths,
});
const httpCorrupt = z.strictObject({ share: shareOfRequests, paths });
const httpAbort = z.strictObject({ share: shareOfRequests, paths });
const cpuLimit = z.strictObject({
  cpus: z.number().min(0.01).max(1024).describe('How many processors’ time the node may use.'),
});
const cpuStress = z.strictObject({
  workers: z.int().min(1).max(256).default(1).describe('Busy loops beside the node, within its limits.'),
});
const memoryLimit = z.strictObject({
  limit_mb: z
    .number()
    .min(6)
    .max(1_048_576)
    .describe('Memory that the node may use, in MB (1,000,000 bytes).'),
});
const oomKill = z.strictObject({});
const diskFill = z.strictObject({
  size_mb: z
    .number()
    .min(1)
    .max(1_048_576)
    .describe('Size of the file that fills the disk, in MB; never more.'),
  directory: z.string().min(1).default('/tmp').describe('Where in the node the file is made.'),
});
const dnsFailure = z.strictObject({
  peers: peerNames.describe(
    'The names that the node can no more look up: service names of nodes, or other hosts, with a dot (`db.internal`, or `db.`).',
  ),
});

/** The parameters of each kind of fault. `restart` is a stop whose undo follows at once. */
export const faultParameters = {
  kill,
  stop,
  pause: z.strictObject({}),
  restart: stop,
  partition,
  latency,
  loss,
  bandwidth,
  reset,
  black_hole: blackHole,
  slow_close: slowClose,
  http_status: httpStatus,
  http_corrupt: httpCorrupt,
  http_abort: httpAbort,
  cpu_limit: cpuLimit,
  cpu_stress: cpuStress,
  memory_limit: memoryLimit,
  oom_kill: oomKill,
  disk_fill: diskFill,
  dns_failure: dnsFailure,
} as const;

export type FaultKind = keyof typeof faultParameters;
export type FaultParameters<K extends FaultKind> = Resolved<Named<z.output<(typeof faultParameters)[K]>>>;
/** No parameters are no fields, rather than any whose values cannot be. */
type Named<T> = string extends keyof T ? object : T;
/** Whom a partition is from is the clients, or a list of nodes, also where one name was given. */
type Resolved<T> = { [P in keyof T]: P extends 'from' ? 'clients' | readonly string[] : T[P] };
/** A kind with its parameters, as the journal keeps it. */
export type FaultSpec = { [K in FaultKind]: { readonly kind: K } & FaultParameters<K> }[FaultKind];

export const faultKinds = Object.keys(faultParameters).filter(isFaultKind);

/** A fault as the journal has it: its kind, and the parameters of that kind. */
export const faultSpecSchema = z
  .looseObject({ kind: z.enum(faultKinds) })
  .transform(({ kind, ...parameters }, context): FaultSpec => {
    const parsed = faultParameters[kind].safeParse(parameters);
    if (!parsed.success) context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
    // What the kind's own schema lets through are the parameters of that kind, which the compiler cannot follow.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return { kind, ...resolved(parsed.data) } as FaultSpec;
  });

function resolved(parameters: object = {}): object {
  const { from, ...others }: { readonly from?: unknown } = parameters;
  if (from === undefined) return parameters;
  return { from: typeof from === 'string' && from !== 'clients' ? [from] : from, ...others };
}

/** @throws ZodError where the parameters are not those of the kind */
export function faultSpec(kind: FaultKind, parameters: object): FaultSpec {
  return faultSpecSchema.parse({ ...parameters, kind });
}

export function isFaultKind(word: string): word is FaultKind {
  return Object.hasOwn(faultParameters, word);
}
/** The kinds that need a means of disturbing a node, beside the powers of its driver: rules, a proxy, a limit, a file. */
export type DisturbanceKind = Exclude<FaultKind, 'kill' | 'stop' | 'pause' | 'restart'>;
export type Disturbance = Extract<FaultSpec, { kind: DisturbanceKind }>;

/** The nodes that a partition cuts its node off from, by their names; none where it is from clients, and for other kinds. */
export function peersOf(spec: FaultSpec): readonly string[] {
  return spec.kind === 'partition' && spec.from !== 'clients' ? spec.from : [];
}

/** The names that a fault keeps its node from looking up; none for other kinds. */
export function namesLostBy(spec: FaultSpec): readonly string[] {
  return spec.kind === 'dns_failure' ? spec.peers : [];
}

/** The kinds that take a node down, or make it stand still. */
const stateKinds: readonly FaultKind[] = ['kill', 'stop', 'pause', 'restart', 'oom_kill'];

/** Whether a fault of this kind leaves its node running. */
export function isDisturbing(kind: FaultKind): boolean {
  return !stateKinds.includes(kind);
}

/** What a fault of that kind does, as an infinitive: `kill api-1`, `inject latency into api-1`. */
export function deedText(kind: FaultKind, node: string): string {
  return kind === 'oom_kill' || isDisturbing(kind) ? `inject ${kind} into ${node}` : `${kind} ${node}`;
}

/** Whether a fault acts by a means of its own, rather than by a power of the driver. */
export function isDisturbance(spec: FaultSpec): spec is Disturbance {
  return isDisturbing(spec.kind) || spec.kind === 'oom_kill';
}
