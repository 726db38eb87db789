import type { NodeKind } from './node.ts';
import { z } from './zod.ts';

/** The `target` of an action: which nodes. Field names are the format's own, so they stay in snake_case. */

/** The word for the nodes of the run’s mode, wherever a name may stand. */
export const allNodes = 'all_nodes';

const pattern = z.string().min(1);
const patterns = z.array(pattern).min(1);
const namesAndGlobs = z.union([pattern, patterns]);

const keys = {
  service: namesAndGlobs
    .optional()
    .describe('Names and globs (`*`, `?`), one or a list. Without any key that says which: `all_nodes`.'),
  label: z
    .record(z.string().min(1), z.string())
    .refine((labels) => Object.keys(labels).length > 0, 'must name a label')
    .optional()
    .describe('Only nodes with these labels: a container’s, or those given under `nodes` in config.yaml.'),
  kind: z.enum(['http', 'redis']).optional().describe('Only nodes of this kind.'),
  role: z
    .enum(['master', 'replica'])
    .optional()
    .describe('Only Redis nodes that say so of themselves when the plan is made.'),
  all: z.literal(true).optional().describe('Every node of the config, HTTP and Redis.'),
  except: namesAndGlobs.optional().describe('But not these names and globs.'),
  random: z.int().min(1).optional().describe('So many of them, chosen by the run’s seed.'),
  percent: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe('So many percent of them, chosen by the run’s seed: rounded half up, at least one unless 0.'),
  on_no_match: z
    .enum(['error', 'skip'])
    .optional()
    .describe(
      'What to do where there are no such nodes, or too few: refuse the plan (default), or skip the action.',
    ),
} as const;

/** Pairs of keys that contradict each other, and why. */
const contradictions = [
  ['random', 'percent', 'give one of them'],
  ['all', 'service', '`all` is every node'],
  ['all', 'label', '`all` is every node'],
  ['all', 'kind', '`all` is every node'],
  ['all', 'role', '`all` is every node'],
] as const;

const checked = <S extends z.ZodObject>(schema: S): S =>
  schema.superRefine((given: Readonly<Record<string, unknown>>, context) => {
    const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    for (const [one, other, why] of contradictions)
      if (given[one] !== undefined && given[other] !== undefined)
        refuse([other], `\`${one}\` and \`${other}\` exclude each other, ${why}`);
    if (given['role'] !== undefined && given['kind'] === 'http')
      refuse(['kind'], '`role` and `kind: http` exclude each other, only Redis nodes have a role');
    // A key that is not known has been told already.
    if (Object.keys(given).length === 0 && context.issues.length === 0)
      refuse([], `must have a key, or be \`${allNodes}\``);
  });

const said =
  'A name or glob (`service-node-*`), `all_nodes` (the nodes of the run’s mode), a list of these, or a mapping.';

/** Which nodes take load. */
export const loadTargetSchema = z
  .union([pattern, patterns, checked(z.strictObject(keys))])
  .meta({ id: 'load_target', description: said });

/** Which nodes are disturbed, or put in order again. */
export const faultTargetSchema = z
  .union([
    pattern,
    patterns,
    checked(
      z.strictObject({
        ...keys,
        rolling: z
          .boolean()
          .optional()
          .describe(
            'One node at a time, the next only when the last is healthy again. A fault needs a duration_sec.',
          ),
      }),
    ),
  ])
  .meta({ id: 'fault_target', description: said });

/** A target as it is written. */
export type Selector = z.output<typeof faultTargetSchema>;
export type RedisRole = 'master' | 'replica';

/** A target with what it leaves out put in. All of it must hold of a node. */
export interface Criteria {
  readonly service: readonly string[];
  readonly label: Readonly<Record<string, string>>;
  /** Undefined for both. */
  readonly kind: NodeKind | undefined;
  readonly role: RedisRole | undefined;
  readonly except: readonly string[];
  readonly random: number | undefined;
  readonly percent: number | undefined;
  readonly skips: boolean;
  readonly rolling: boolean;
}

type SelectorMapping = Exclude<Selector, string | string[]>;

export function criteriaOf(selector: Selector): Criteria {
  const { service, label, kind, role, all, except, random, percent, ...how } = mappingOf(selector);
  const saysWhich = [label, kind, role, all].some((key) => key !== undefined);
  return {
    service: [service ?? (saysWhich ? '*' : allNodes)].flat(),
    label: label ?? {},
    kind,
    role,
    except: [except ?? []].flat(),
    random,
    percent,
    skips: how.on_no_match === 'skip',
    rolling: how.rolling === true,
  };
}

/** The nodes that are meant before some of them are drawn, in words: `service-node-*, label zone=a, except service-node-3`. */
export function wordsOf({ service, label, kind, role, except }: Criteria): string {
  const everything = service.length === 1 && service[0] === '*';
  const narrowing = [
    ...Object.entries(label).map(([key, value]) => `label ${key}=${value}`),
    ...(kind === undefined ? [] : [`kind ${kind}`]),
    ...(role === undefined ? [] : [`role ${role}`]),
  ];
  const named = everything ? (narrowing.length > 0 ? [] : ['all nodes']) : [service.join(', ')];
  return [...named, ...narrowing, ...(except.length > 0 ? [`except ${except.join(', ')}`] : [])].join(', ');
}

/** Whether a target says by itself which node it is: a name, or `all_nodes`. */
export function isPlain(selector: Selector): boolean {
  return typeof selector === 'string' && !isGlob(selector);
}

export function isGlob(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/** `*` stands for any characters, `?` for one; everything else for itself. */
export function globMatches(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}

function mappingOf(selector: Selector): SelectorMapping {
  return typeof selector === 'string' || Array.isArray(selector) ? { service: selector } : selector;
}
