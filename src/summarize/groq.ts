import { setTimeout as sleep } from 'node:timers/promises';
import { APIConnectionError, APIError, Groq } from 'groq-sdk';
import type { LlmConfig } from '../model/config.ts';
import { messageOf } from '../model/errors.ts';
import { z } from '../model/zod.ts';
import type { Message, TextModel } from './contract.ts';

const groqUrl = 'https://api.groq.com/openai/v1';
/** The SDK adds this to every base URL; servers have it at other places, or not at all. */
const sdkPath = '/openai/v1';
/** Waits before the second and third attempt. What is overloaded for longer will not be asked again. */
const pausesMs: readonly number[] = [500, 1000];

/** A model behind Groq's API, or behind any other that is compatible with OpenAI's where `base_url` says so. */
export function groqModel(config: LlmConfig, apiKey: string): TextModel {
  const baseURL = (config.base_url ?? groqUrl).replace(/\/+$/, '');
  const client = new Groq({
    apiKey,
    baseURL,
    // Its own retries may sleep past any signal, and its log may show a request.
    maxRetries: 0,
    logLevel: 'off',
    timeout: config.timeout_sec * 1000,
    fetch: (url, init) =>
      fetch(typeof url === 'string' ? url.replace(`${baseURL}${sdkPath}`, baseURL) : url, init),
  });

  const ask = async (conversation: readonly Message[], signal: AbortSignal): Promise<string> => {
    const { model, temperature } = config;
    const completion = await client.chat.completions.create(
      { model, temperature, messages: [...conversation] },
      { signal },
    );
    return contentOf(completion);
  };

  return {
    async write(conversation, signal) {
      for (let attempt = 0; ; attempt++) {
        try {
          return await ask(conversation, signal);
        } catch (error) {
          const pauseMs = pausesMs[attempt];
          if (pauseMs === undefined || !isPassing(error)) throw failure(error, baseURL);
          await sleep(pauseMs, undefined, { signal });
        }
      }
    },
  };
}

const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
});

function contentOf(completion: unknown): string {
  const read = completionSchema.safeParse(completion);
  if (!read.success) throw new Error('the answer is not a chat completion');
  return read.data.choices[0]?.message.content ?? '';
}

/** True for what may be gone at the next attempt. A rate limit is not: it lasts for longer than a summary may take. */
function isPassing(error: unknown): boolean {
  if (error instanceof APIConnectionError) return true;
  return error instanceof APIError && error.status !== undefined && error.status >= 500;
}

/** Without a cause: that holds all that the server said, which may be the key, and an address that may hold a password. */
function failure(error: unknown, baseURL: string): Error {
  const { host } = new URL(baseURL);
  return new Error(explain(error, host).replaceAll(baseURL, host));
}

/** What went wrong, for people. What a server says of a refused key is left out: it may quote a part of it. */
function explain(error: unknown, host: string): string {
  if (error instanceof APIConnectionError) return `${host} cannot be reached: ${messageOf(rootOf(error))}`;
  if (!(error instanceof APIError) || error.status === undefined) return messageOf(error);
  if (error.status === 401 || error.status === 403)
    return `${host} refused the API key (HTTP ${error.status})`;
  if (error.status === 429) return `${host} limits the rate of requests (HTTP 429)`;
  const said = saidSchema.safeParse(error.error);
  return `${host} answered HTTP ${error.status}${said.success ? `: ${said.data.error.message}` : ''}`;
}

const saidSchema = z.object({ error: z.object({ message: z.string() }) });

/** `fetch failed` says nothing; what it was caused by does. */
function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}
