import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workshop } from './support.ts';

const key = 'gsk_this-must-never-be-seen-anywhere';

/** `orch summarize` against a real server that speaks the OpenAI protocol. */
describe('a summary by a model', () => {
  let shop: Workshop;
  let server: Server;
  let answers: string[] = [];
  let asked: string[] = [];

  beforeEach(async () => {
    shop = new Workshop();
    answers = [];
    asked = [];
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization === `Bearer ${key}`}`);
      const content = answers.shift() ?? '';
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({
            id: 'x',
            object: 'chat.completion',
            choices: [{ index: 0, message: { role: 'assistant', content } }],
          }),
        );
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    shop.write('config.yaml', `llm: { base_url: "http://127.0.0.1:${port}/v1" }\n`);
    for (const [id, errors] of [
      ['calm', 0],
      ['broken', 100],
    ] as const) {
      mkdirSync(shop.path('runs', id), { recursive: true });
      const rows = Array.from(
        { length: 500 },
        (_, n) => `${1000 + n / 50},a,${n < errors ? 500 : 200},12.5,${n < errors ? 'http_500' : ''}`,
      );
      writeFileSync(
        shop.path('runs', id, 'metrics.csv'),
        `timestamp,node,status_code,latency_ms,error\n${rows.join('\n')}\n`,
      );
    }
  });
  afterEach(() => {
    shop.close();
    server.close();
  });

  const summarize = () =>
    shop.orch(['summarize', '--baseline', 'calm', '--run', 'broken'], { GROQ_API_KEY: key });

  it('is taken where every number in it is founded; the key is in no file and no output', async () => {
    answers = ['The error rate rose to **20%**, at a p50 of 12.5 ms.'];
    const { code, stdout, stderr } = await summarize();
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('The error rate rose to **20%**');
    expect(asked).toEqual(['POST /v1/chat/completions true']);
    const files = readdirSync(shop.directory, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(texts.length).toBeGreaterThanOrEqual(4);
    for (const text of [...texts, stdout, stderr]) expect(text).not.toContain(key);
  });

  it('with a number that is not in the analysis is asked for once more, then rejected with the reason', async () => {
    answers = ['Errors rose to 73%.', 'Errors rose to 74%.'];
    const { code, stdout, stderr } = await summarize();
    expect(code).toBe(0);
    expect(asked.length).toBe(2);
    expect(stderr).toContain('74%');
    expect(stdout).toContain('template');
    expect(stdout).not.toMatch(/rose to 7[34]%/);
  });

  it('is held against the baseline of the last analysis where none is named, and needs one', async () => {
    shop.write('config.yaml', 'llm: { enabled: false }\n');
    expect(await shop.orch(['summarize', '--run', 'broken'])).toMatchObject({
      code: 104,
      stdout: '',
      stderr: expect.stringContaining('--baseline ID'),
    });
    await shop.orch(['analyze', '--baseline', 'calm', '--run', 'broken']);
    const { code, stdout, stderr } = await shop.orch(['summarize', '--run', 'broken']);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('held against baseline `calm`');
    expect(stderr).toContain('baseline: calm, as in the last analysis of this run');
  });

  it('is not asked for where llm.enabled is false, and the template says so', async () => {
    shop.write('config.yaml', 'llm: { enabled: false }\n');
    const { stdout } = await summarize();
    expect(asked).toEqual([]);
    expect(stdout).toMatch(/llm\.enabled/);
  });
});
