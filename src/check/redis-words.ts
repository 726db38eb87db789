import { type Address, addressOf, type NodeSpec } from '../model/node.ts';
import type { RedisWord } from '../model/redis-probe.ts';

/**
 * A word of a Redis command as it is sent: a node's host or port is that at which the other nodes reach it.
 * @param asked The node that it is sent to, which may have a way of its own; undefined where that is no node of the run
 */
export function wordOf(word: RedisWord, nodes: readonly NodeSpec[], asked?: NodeSpec): string {
  if (typeof word === 'string') return word;
  if ('host_of' in word) return reached(word.host_of, nodes, asked).host;
  return String(reached(word.port_of, nodes, asked).port);
}

/** @throws Error where there is none; a plan has no such */
export function nodeNamed(name: string, nodes: readonly NodeSpec[]): NodeSpec {
  const node = nodes.find((one) => one.name === name);
  if (node === undefined) throw new Error(`there is no node ${name}`);
  return node;
}

function reached(name: string, nodes: readonly NodeSpec[], by: NodeSpec | undefined): Address {
  const node = nodeNamed(name, nodes);
  return by?.peersAt?.[name] ?? node.inside ?? addressOf(node);
}
