import { inspect } from 'node:util';
import { shownUrl, withoutRedisPassword } from '../config/redact.ts';
import { type Look, lookOf } from '../model/check.ts';
import type { Condition } from '../model/condition.ts';
import type { RedisProbe } from '../model/redis-probe.ts';

/** What is asked of the system, in words for people and without what may be secret. */

/** `GET http://127.0.0.1:8001/health, expects 2xx`. */
export function lookText(look: Look): string {
  const expected = expectText(look);
  return expected === '' ? probeText(look) : `${probeText(look)}, expects ${expected}`;
}

/** `GET http://127.0.0.1:8001/health`, `tcp 127.0.0.1:6379`, `LLEN queue on redis-node-1`, `run make reset`. */
export function probeText({ probe }: Look): string {
  switch (probe.kind) {
    case 'http':
      return `${probe.method} ${shownUrl(probe.url)}`;
    case 'tcp':
      return `tcp ${probe.host}:${probe.port}`;
    case 'redis':
      return redisText(probe);
    case 'command':
      return `run ${probe.run.join(' ')}`;
  }
}

/** What must be answered; empty: what its kind of probe expects by default. Headers and bodies may have a secret in them. */
export function expectText({ expect }: Look): string {
  if (expect === undefined) return '';
  if (typeof expect === 'string') return expect;
  if (typeof expect !== 'object' || Array.isArray(expect)) return shown(expect);
  const { probe, ...own } = expect;
  const hidden = Object.entries(own).map(([key, part]) => [
    key,
    ['headers', 'body'].includes(key) ? '…' : part,
  ]);
  const parts = hidden.length === 0 ? [] : [shown(Object.fromEntries(hidden))];
  return [...parts, ...(probe === undefined ? [] : [lookText(lookOf(probe))])].join(', and ');
}

/** `error_rate < 1% for 5s`, `a is down and not b is healthy`. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'metric':
      return condition.metric.text;
    case 'node':
      return `${condition.node} is ${condition.is}`;
    case 'look':
      return lookText(condition.look);
    case 'not':
      return `not ${partText(condition.of)}`;
    case 'all':
      return condition.of.map(partText).join(' and ');
    case 'any':
      return condition.of.map(partText).join(' or ');
  }
}

function partText(condition: Condition): string {
  const text = conditionText(condition);
  return condition.kind === 'all' || condition.kind === 'any' ? `(${text})` : text;
}

function redisText({ of, command }: RedisProbe): string {
  const words = command.map((word) => {
    if (typeof word === 'string') return word;
    return 'host_of' in word ? `{host of ${word.host_of}}` : `{port of ${word.port_of}}`;
  });
  return `${withoutRedisPassword(words.join(' '))} on ${'node' in of ? of.node : shownUrl(of.url)}`;
}

function shown(value: unknown): string {
  return inspect(value, { depth: 10, compact: true, breakLength: Number.POSITIVE_INFINITY });
}
