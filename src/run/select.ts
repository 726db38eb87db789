import { noSuchNode } from '../config/targets.ts';
import type { Mode, NodeSpec } from '../model/node.ts';
import { shownText } from '../model/shown-text.ts';
import { allNodes, type Criteria, globMatches, isGlob, wordsOf } from '../model/selector.ts';
import { isManyNodes } from '../model/redis-endpoint.ts';
import type { RoleAnswer } from '../target/redis-role.ts';
import { draw, shareOf } from './draw.ts';

/** What targets choose from. */
export interface Candidates {
  /** All nodes of the config. */
  readonly nodes: readonly NodeSpec[];
  readonly mode: Mode;
  /** Of the run: what is drawn follows from it. */
  readonly seed: number;
  /** By the node's name: of those that were asked, which are the ones that `rolesToAsk` names. */
  readonly roles?: ReadonlyMap<string, RoleAnswer>;
}

export interface Selected {
  /** At least one, in the config's order. */
  readonly nodes: readonly NodeSpec[];
  /** Those that it was drawn from; the same where nothing was drawn. */
  readonly from: readonly NodeSpec[];
  /** In words: `service-node-*: 3 nodes, of which seed 7 draws 1`. */
  readonly why: string;
  readonly rolling: boolean;
}

/** A target that cannot be met. */
export interface Unmet {
  readonly problem: string;
  /** True for what is a mistake even where the action may be skipped. */
  readonly isFirm: boolean;
}

/**
 * The nodes that a target means. Pure.
 * @param place What tells this draw from the others of a scenario
 */
export function select(criteria: Criteria, candidates: Candidates, place: string): Selected | Unmet {
  const { random, percent, rolling } = criteria;
  const unknown = unknownExceptions(criteria, candidates);
  if (unknown !== undefined) return { problem: unknown, isFirm: true };
  const unmatched = criteria.service.find(
    (pattern) => !candidates.nodes.some((node) => fits(pattern, node, candidates)),
  );
  if (unmatched !== undefined) return { problem: noMatch(unmatched, candidates), isFirm: false };
  const silent = rolesToAsk(criteria, candidates).find(({ name }) => 'problem' in roleOf(name, candidates));
  if (silent !== undefined) return { problem: silence(silent.name, candidates), isFirm: true };
  const from = candidates.nodes.filter((node) => objection(node, criteria, candidates) === undefined);
  const words = wordsOf(criteria);
  if (from.length === 0)
    return { problem: `${words}: no node is left (${objections(criteria, candidates)})`, isFirm: false };
  const count = random ?? (percent === undefined ? from.length : shareOf(from.length, percent));
  if (count > from.length)
    return { problem: `random ${count} is more than ${quantity(from.length)} of ${words}`, isFirm: false };
  if (count === 0) return { problem: `percent 0 means none of ${words}`, isFirm: false };
  const drawn = random !== undefined || percent !== undefined;
  const nodes = drawn ? draw(from, count, `${candidates.seed}\n${place}`) : from;
  const drawing = drawn ? `, of which seed ${candidates.seed} draws ${count}` : '';
  const asked = criteria.role === undefined ? '' : ' by their roles when the plan was made';
  return { nodes, from, why: `${words}: ${quantity(from.length)}${asked}${drawing}`, rolling };
}

/** The nodes whose role decides whether a target means them. */
export function rolesToAsk(criteria: Criteria, candidates: Names): readonly NodeSpec[] {
  if (criteria.role === undefined) return [];
  return candidates.nodes.filter((node) => plainObjection(node, criteria, candidates) === undefined);
}

type Names = Pick<Candidates, 'nodes' | 'mode'>;

function fits(pattern: string, node: NodeSpec, { mode }: Pick<Names, 'mode'>): boolean {
  return pattern === allNodes ? node.kind === mode : globMatches(pattern, node.name);
}

/** Why a node is not meant, as a clause after its name; undefined where it is. */
function objection(node: NodeSpec, criteria: Criteria, candidates: Candidates): string | undefined {
  const plain = plainObjection(node, criteria, candidates);
  if (plain !== undefined || criteria.role === undefined) return plain;
  const answer = roleOf(node.name, candidates);
  return 'role' in answer && answer.role !== criteria.role ? `is a ${answer.role}` : undefined;
}

function plainObjection(node: NodeSpec, criteria: Criteria, candidates: Names): string | undefined {
  if (!criteria.service.some((pattern) => fits(pattern, node, candidates))) return 'is not named';
  const kind = criteria.role === undefined ? criteria.kind : 'redis';
  if (kind !== undefined && node.kind !== kind) return `is a ${node.kind} node`;
  if (criteria.role !== undefined && isManyNodes(node.url)) return 'is no single node';
  for (const [key, value] of Object.entries(criteria.label)) {
    const has = node.labels?.[key];
    if (has === undefined) return `has no label ${key}`;
    if (has !== value) return `has ${key}=${has}`;
  }
  return criteria.except.some((pattern) => fits(pattern, node, candidates)) ? 'is excepted' : undefined;
}

/** The objections to the nodes that are named, the first few of them. */
function objections(criteria: Criteria, candidates: Candidates): string {
  const named = candidates.nodes.filter((node) =>
    criteria.service.some((pattern) => fits(pattern, node, candidates)),
  );
  const shown = named.slice(0, 5).map((node) => `${node.name} ${objection(node, criteria, candidates)}`);
  return [...shown, ...(named.length > shown.length ? [`and ${named.length - shown.length} more`] : [])].join(
    ', ',
  );
}

function roleOf(name: string, { roles }: Candidates): RoleAnswer {
  return roles?.get(name) ?? { problem: 'it was not asked' };
}

function silence(name: string, candidates: Candidates): string {
  const answer = roleOf(name, candidates);
  const because = 'problem' in answer ? answer.problem : '';
  return `${name} does not say whether it is master or replica (${because}); its role is asked when the plan is made`;
}

/** A name that protects nothing is a mistake, whatever is to be skipped. A glob may well find nothing to protect. */
function unknownExceptions({ except }: Criteria, candidates: Names): string | undefined {
  const unknown = except.find(
    (pattern) =>
      !isGlob(pattern) && pattern !== allNodes && !candidates.nodes.some(({ name }) => name === pattern),
  );
  return unknown === undefined ? undefined : noMatch(unknown, candidates);
}

/** That no node has that name, or is matched by that glob. */
export function noMatch(pattern: string, { nodes, mode }: Names): string {
  if (pattern === allNodes) return `the config has no ${mode}_nodes`;
  const known = [allNodes, ...nodes.map(({ name }) => name)];
  if (isGlob(pattern))
    return `no node matches \`${shownText(pattern)}\`. Known: ${known.slice(1).join(', ')}`;
  return noSuchNode(pattern, known);
}

/** Why names are none of hosts, for each. One without a dot is a node’s: a mistyped one would be missed by nobody. */
export function unknownHosts(names: readonly string[], candidates: Names): readonly string[] {
  const otherwise = 'a host that is no node is written with a dot, as `db.internal` or `db.`';
  return names
    .filter((name) => !name.includes('.') && !candidates.nodes.some((node) => node.name === name))
    .map((name) => `${noMatch(name, candidates)}; ${otherwise}`);
}

function quantity(count: number): string {
  return `${count} ${count === 1 ? 'node' : 'nodes'}`;
}
