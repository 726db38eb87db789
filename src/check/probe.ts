import { once } from 'node:events';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { runCommand } from '../control/command.ts';
import { formatDuration } from '../model/duration.ts';
import { errnoOf, messageOf } from '../model/errors.ts';
import type { NodeSpec } from '../model/node.ts';
import type { CommandProbe, Probe, ProbeKind, TcpProbe } from '../model/probe.ts';
import type { RedisProbe } from '../model/redis-probe.ts';
import { httpErrorCode } from '../target/http-error.ts';
import { redisErrorCode } from '../target/redis-error.ts';
import type { Answer, Observation } from './observation.ts';
import { nodeNamed, wordOf } from './redis-words.ts';

/** What a command is run with, and the nodes that a Redis command may name. */
export interface Surroundings {
  readonly nodes: readonly NodeSpec[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * Asks once, on a connection or in a process of its own, and resolves within the probe's time limit, or when the signal
 * says so. Never rejects.
 * @param input What a command finds on its stdin.
 */
export async function probe(
  question: Probe,
  surroundings: Surroundings,
  signal: AbortSignal,
  input = '',
): Promise<Observation> {
  const ask = await askerOf(question, surroundings, input);
  const startMs = performance.now();
  const limit = AbortSignal.timeout(question.timeoutMs);
  const seen = await ask(AbortSignal.any([signal, limit])).catch(
    (error: unknown) => ({ kind: 'none', error: words(error) }) as const,
  );
  return { ...seen, tookMs: performance.now() - startMs };

  function words(error: unknown): string {
    if (signal.aborted) return 'broken off';
    if (limit.aborted) return `no answer within ${formatDuration(question.timeoutMs)}`;
    return reasonOf(question.kind, error);
  }
}

function reasonOf(kind: ProbeKind, error: unknown): string {
  if (kind === 'http') return httpErrorCode(error);
  // An error reply has no code, and says all.
  return kind === 'redis' && errnoOf(error) !== undefined ? redisErrorCode(error) : messageOf(error);
}

type Ask = (signal: AbortSignal) => Promise<Answer>;

/** How that is asked. An SDK is loaded with it, so that this takes no time from the probe, and the others none at all. */
async function askerOf(question: Probe, surroundings: Surroundings, input: string): Promise<Ask> {
  switch (question.kind) {
    case 'http': {
      const { askHttp } = await import('../target/http.ts');
      return async (signal) => ({ kind: 'http', ...(await askHttp(question, signal)) });
    }
    case 'tcp':
      return (signal) => connects(question, signal);
    case 'redis': {
      const { askRedis } = await import('../target/redis.ts');
      return async (signal) => {
        const { url, words } = redisQuestion(question, surroundings);
        return { kind: 'redis', reply: await askRedis(url, words, signal) };
      };
    }
    case 'command':
      return (signal) => ends(question, surroundings, signal, input);
  }
}

function redisQuestion({ of, command }: RedisProbe, { nodes }: Surroundings) {
  const node = 'node' in of ? nodeNamed(of.node, nodes) : undefined;
  const url = 'url' in of ? of.url : nodeNamed(of.node, nodes).url;
  return { url, words: command.map((word) => wordOf(word, nodes, node)) };
}

async function connects({ host, port }: TcpProbe, signal: AbortSignal): Promise<Answer> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    return { kind: 'tcp' };
  } finally {
    socket.on('error', () => {}).destroy();
  }
}

async function ends(
  { run, env, cwd }: CommandProbe,
  surroundings: Surroundings,
  signal: AbortSignal,
  input: string,
): Promise<Answer> {
  const command = {
    run,
    input,
    env: { ...surroundings.env, ...env },
    cwd: resolve(surroundings.cwd, cwd ?? ''),
  };
  return { kind: 'command', ...(await runCommand(command, signal)) };
}
