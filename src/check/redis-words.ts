import { type Address, addressOf, type NodeSpec } from '../model/node.ts';
import type { RedisWord } from '../model/redis-probe.ts';

/** A word of a Redis command as it is sent: a node's host or port is that at which the other nodes reach it. */
export function wordOf(word: RedisWord, nodes: readonly NodeSpec[]): string {
  if (typeof word === 'string') return word;
  if ('host_of' in word) return inside(word.host_of, nodes).host;
  return String(inside(word.port_of, nodes).port);
}

/** @throws Error where there is none; a plan has no such */
export function nodeNamed(name: string, nodes: readonly NodeSpec[]): NodeSpec {
  const node = nodes.find((one) => one.name === name);
  if (node === undefined) throw new Error(`there is no node ${name}`);
  return node;
}

function inside(name: string, nodes: readonly NodeSpec[]): Address {
  const node = nodeNamed(name, nodes);
  return node.inside ?? addressOf(node);
}
