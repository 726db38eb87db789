import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const entry = join(import.meta.dirname, '../src/demo/main.ts');
const patience = { timeout: 15_000, interval: 20 };

/** A Node process with its stdin, stdout and stderr. */
class Spawned {
  readonly child: ChildProcess;
  /** The exit code, or the signal's name. */
  readonly ended: Promise<number | string | null>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, args, { env: { PORT: '0', ...env }, stdio: 'pipe' });
    this.child.stdout?.on('data', (text) => {
      this.stdout += String(text);
    });
    this.child.stderr?.on('data', (text) => {
      this.stderr += String(text);
    });
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => resolve(code ?? signal));
    });
  }

  /** Where it listens, once it says so. */
  async url(): Promise<string> {
    await expect.poll(() => this.stdout, patience).toMatch(/ listening on http:\S+\n/);
    return /http:\S+/.exec(this.stdout)?.[0] ?? '';
  }
}

let spawned: Spawned;
const start = (env: Readonly<Record<string, string>> = {}) => {
  spawned = new Spawned([entry], env);
  return spawned;
};

afterEach(async () => {
  spawned.child.kill('SIGKILL');
  await spawned.ended;
});

/** The text that a GET answers, or why there was none. */
async function get(url: string): Promise<string> {
  try {
    return await (await fetch(url)).text();
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  }
}

const expectGone = (url: string) => expect.poll(() => get(url), patience).toContain('ECONNREFUSED');

/** A request that stays in flight for as long as the test likes: the last byte of its body is still to come. */
async function unfinished(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write('POST /work HTTP/1.1\r\nhost: a\r\ncontent-length: 15\r\n\r\n{"payload":"a"');
  await expect.poll(() => get(`${url}/state`), patience).toContain('"in_flight":1');
  return socket;
}

describe('a demo node as a process', () => {
  it('says in one line where it listens, and nothing else', async () => {
    const node = start({ NODE_NAME: 'service-node-7' });
    const url = await node.url();
    expect(await get(`${url}/health`)).toBe('{"status":"ok","node":"service-node-7"}\n');
    expect(node.stdout).toMatch(/^service-node-7 listening on http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(node.stderr).toBe('');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: refuses connections, answers the request in flight, exits with 0',
    async (signal) => {
      const node = start();
      const url = await node.url();
      const socket = await unfinished(url);
      node.child.kill(signal);
      await expectGone(url);
      socket.write('}');
      const answer = (await socket.toArray()).join('');
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*"payload":"a"/is);
      expect(await node.ended).toBe(0);
      expect(node.stderr).toBe('');
    },
  );

  it('a second SIGTERM does not wait for the request in flight', async () => {
    const node = start();
    const url = await node.url();
    await unfinished(url);
    node.child.kill('SIGTERM');
    await expectGone(url);
    node.child.kill('SIGTERM');
    expect(await node.ended).toBe(143);
  });

  it('ends with its stdin where DIE_WITH_PARENT=1, whatever is in flight', async () => {
    const node = start({ DIE_WITH_PARENT: '1' });
    await unfinished(await node.url());
    node.child.stdin?.end();
    expect(await node.ended).toBe(0);
  });

  it('leaves a Ctrl-C to its parent where DIE_WITH_PARENT=1, and serves on without stdin where not', async () => {
    const embedded = start({ DIE_WITH_PARENT: '1' });
    const url = await embedded.url();
    embedded.child.kill('SIGINT');
    expect(await get(`${url}/health`)).toContain('ok');
    embedded.child.kill('SIGTERM');
    expect(await embedded.ended).toBe(0);

    const alone = start();
    alone.child.stdin?.end();
    expect(await get(`${await alone.url()}/health`)).toContain('ok');
  });

  it('does not outlive a parent that is killed', async () => {
    const parent = `
      const { spawn } = require('node:child_process');
      spawn(process.execPath, [${JSON.stringify(entry)}], { stdio: ['pipe', 'inherit', 'inherit'] });`;
    spawned = new Spawned(['-e', parent], { DIE_WITH_PARENT: '1' });
    const url = await spawned.url();
    expect(await get(`${url}/health`)).toContain('ok');
    spawned.child.kill('SIGKILL');
    await expectGone(url);
  });
});

describe('a demo node that cannot start says why in one line and exits with 104', () => {
  it('a taken port', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const node = start({ PORT: String(port) });
    expect(await node.ended).toBe(104);
    expect(node.stderr).toBe(
      `service-node-1: cannot listen on 127.0.0.1:${port}: the port is already in use\n`,
    );
    expect(node.stdout).toBe('');
    holder.close();
  });

  it.each([
    [{ HOST: '192.0.2.77' }, /^service-node-1: cannot listen on 192\.0\.2\.77:0: .*EADDRNOTAVAIL.*\n$/],
    [{ PORT: 'http' }, /^demo node: PORT="http" must be a whole number from 0 to 65535\n$/],
    [{ WORK_DELAY_MS: 'fast' }, /^demo node: WORK_DELAY_MS="fast" must be [^\n]*\n$/],
  ])('%j', async (env, line) => {
    const node = start(env);
    expect(await node.ended).toBe(104);
    expect(node.stderr).toMatch(line);
  });
});
