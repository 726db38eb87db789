import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { configSchema, type LlmConfig } from '../model/config.ts';
import { buildAnalysis } from '../testing/analysis-builder.ts';
import { summarize } from './summarize.ts';

const apiKey = 'gsk_Zt4+not/a-real%key=91';
const analysis = buildAnalysis();
const good = 'One node was killed. The error rate rose to 9.1 %, and 20 s later all was well.';
const wrong = 'The error rate rose to 77.7 % for 5 minutes.';

interface Seen {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: { model: string; temperature: number; messages: { role: string; content: string }[] };
}
type Reply = (response: ServerResponse) => void;

const json =
  (status: number, body: unknown): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
const says = (content: string | null): Reply =>
  json(200, { choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }] });
const hangs: Reply = () => {};

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A server that answers the n-th request with the n-th reply, and with the last one from then on. */
async function server(...replies: Reply[]): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const listener = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path, headers } = request;
      const asked: Seen = { path, headers, body: JSON.parse(Buffer.concat(chunks).toString()) };
      seen.push(asked);
      replies[Math.min(seen.length, replies.length) - 1]?.(response);
    });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  closers.push(() => {
    listener.closeAllConnections();
    listener.close();
  });
  const address = listener.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, seen };
}

function llm(base_url: string | undefined, more: Partial<LlmConfig> = {}): LlmConfig {
  return { ...configSchema.parse({}).llm, ...(base_url === undefined ? {} : { base_url }), ...more };
}

describe('a summary by a model', () => {
  it('is the model’s text under our own headline, with model, temperature and length as configured', async () => {
    const { url, seen } = await server(says(good));
    const config = llm(`${url}/v1`, { model: 'some-model-7b', temperature: 0.7, max_words: 123 });
    const { markdown, source, reason } = await summarize(analysis, { config, apiKey });
    expect({ source, reason }).toEqual({ source: 'model', reason: null });
    expect(markdown).toContain(`\n\n${good}\n\n`);
    expect(markdown).toMatch(
      /^# Summary of `node_failure_recovery-http-20260314-120500`\n\n\*\*With `kill service-node-2` in force/,
    );
    expect(markdown).toContain('Written by `some-model-7b`');
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(seen[0]?.body).toMatchObject({ model: 'some-model-7b', temperature: 0.7 });
    const [rules, facts] = seen[0]?.body.messages ?? [];
    expect(rules?.content).toContain('at most 123 words');
    expect(facts?.content).toContain('"highest_error_rate_pct": 52');
    expect(JSON.stringify(seen[0]?.body)).not.toContain(apiKey);
  });

  it.each(['/v1', '/v1/', '/openai/v1', '/proxy/openai/v1', ''])('asks at base_url %j', async (base) => {
    const { url, seen } = await server(says(good));
    expect((await summarize(analysis, { config: llm(url + base), apiKey })).source).toBe('model');
    expect(seen[0]?.path).toBe(`${base.replace(/\/$/, '')}/chat/completions`);
  });

  it('is asked for again where a number is unfounded, with what was wrong', async () => {
    const { url, seen } = await server(says(wrong), says(good));
    const { markdown, source } = await summarize(analysis, { config: llm(url), apiKey });
    expect(source).toBe('model');
    expect(markdown).toContain(good);
    expect(markdown).not.toContain('77.7');
    const [, , answer, correction] = seen[1]?.body.messages ?? [];
    expect(answer).toEqual({ role: 'assistant', content: wrong });
    expect(correction?.content).toContain('these are not in the facts: 77.7 %; 5 minutes');
  });

  it('outlives an error of the server that passes', async () => {
    const { url, seen } = await server(json(503, { error: { message: 'busy' } }), says(good));
    expect((await summarize(analysis, { config: llm(url), apiKey })).source).toBe('model');
    expect(seen).toHaveLength(2);
  });
});

describe('the template instead', () => {
  it.each<[string, Reply[], number, RegExp]>([
    [
      'an unfounded number twice',
      [says(wrong)],
      2,
      /rejected twice; at last, these are not in the facts: 77\.7 %; 5 minutes$/,
    ],
    ['an empty text twice', [says(''), says(null)], 2, /rejected twice; at last, the text is empty$/],
    ['a text that is too long', [says('word '.repeat(400))], 2, /the text is longer than 300 words$/],
    ['a text without blanks', [says('x'.repeat(20_000))], 2, /the text is longer than 300 words$/],
    [
      'a refused key',
      [json(401, { error: { message: `no such key: ${apiKey}` } })],
      1,
      /refused the API key \(HTTP 401\)$/,
    ],
    [
      'a rate limit',
      [json(429, { error: { message: 'slow down' } })],
      1,
      /limits the rate of requests \(HTTP 429\)$/,
    ],
    [
      'a failing server',
      [json(500, { error: { message: 'oh no' } })],
      3,
      /127\.0\.0\.1:\d+ answered HTTP 500: oh no$/,
    ],
    [
      'an unknown model, with the key in the message',
      [json(404, { error: { message: `no model for ${apiKey}` } })],
      1,
      /answered HTTP 404: no model for \[API key removed\]$/,
    ],
    ['an answer that is no completion', [json(200, { hello: 1 })], 1, /the answer is not a chat completion$/],
    [
      'a page',
      [(response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
      1,
      /the answer is not a chat completion$/,
    ],
    ['a text that repeats the key', [says(`${good} Key: ${apiKey}`)], 2, /the text repeats the API key$/],
  ])('for %s', async (_, replies, requests, expected) => {
    const { url, seen } = await server(...replies);
    const summary = await summarize(analysis, { config: llm(url), apiKey });
    expect(summary.source).toBe('template');
    expect(summary.reason).toMatch(expected);
    expect(summary.markdown).toContain('Made from a template, without a language model: ');
    expect(summary.markdown).toContain('| Error rate (%) | 0 | 9.1 | +9.1 points |');
    expect(JSON.stringify(summary)).not.toContain(apiKey);
    expect(seen).toHaveLength(requests);
  });

  it.each<[string, Reply]>([
    ['never answers', hangs],
    ['stops in the middle of its answer', (response) => response.writeHead(200).write('{"choices": [')],
  ])('for a server that %s, once the time is up', async (_, reply) => {
    const { url } = await server(reply);
    const { source, reason } = await summarize(analysis, { config: llm(url, { timeout_sec: 0.3 }), apiKey });
    expect({ source, reason }).toEqual({
      source: 'template',
      reason: 'the model gave no answer within 0.3 s',
    });
  });

  it('for a model that does not listen to its signal, once the time is up', async () => {
    const model = { write: () => new Promise<string>(() => {}) };
    const { reason } = await summarize(analysis, {
      config: llm(undefined, { timeout_sec: 0.1 }),
      apiKey,
      model,
    });
    expect(reason).toBe('the model gave no answer within 0.1 s');
  });

  it('for a server that is not there', async () => {
    const { url } = await server(says(good));
    for (const close of closers.splice(0)) close();
    const { source, reason } = await summarize(analysis, { config: llm(url), apiKey });
    expect(source).toBe('template');
    expect(reason).toMatch(/cannot be reached: .*ECONNREFUSED/);
  });

  it('for an address with a password in it, without showing that', async () => {
    const config = llm('http://someone:hunter2-hunter2@127.0.0.1:9/v1');
    const summary = await summarize(analysis, { config, apiKey });
    expect(summary.source).toBe('template');
    expect(JSON.stringify(summary)).not.toContain('hunter2');
  });

  it.each([undefined, '', '  '])('without a key (%j), and nothing is sent', async (missing) => {
    const { url, seen } = await server(says(good));
    const { source, reason } = await summarize(analysis, { config: llm(url), apiKey: missing });
    expect({ source, reason }).toEqual({ source: 'template', reason: 'GROQ_API_KEY is not set' });
    expect(seen).toEqual([]);
  });

  it('where models are disabled, and nothing is sent', async () => {
    const { url, seen } = await server(says(good));
    const { source, reason } = await summarize(analysis, { config: llm(url, { enabled: false }), apiKey });
    expect({ source, reason }).toEqual({ source: 'template', reason: 'llm.enabled is false in the config' });
    expect(seen).toEqual([]);
  });

  it('for a key that no header can carry, without showing it', async () => {
    const { url } = await server(says(good));
    const odd = 'gsk_line\nbreak-and-more';
    const summary = await summarize(analysis, { config: llm(url), apiKey: odd });
    expect(summary.source).toBe('template');
    expect(JSON.stringify(summary)).not.toMatch(/gsk_line|break-and-more/);
  });
});

describe('the key', () => {
  it('is not logged, even where the SDK is told to log all', async () => {
    vi.stubEnv('GROQ_LOG', 'debug');
    const spies = (['debug', 'info', 'log', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => {}),
    );
    const { url } = await server(json(401, { error: { message: apiKey } }));
    await summarize(analysis, { config: llm(url), apiKey });
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
});
