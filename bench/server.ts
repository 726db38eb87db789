import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { program } from './peers.ts';

/** A server in a process of its own. */
export interface Server {
  readonly name: string;
  readonly url: string;
  /** How many requests it has had, this question not counted. */
  requests(): Promise<number>;
  close(): Promise<void>;
}

/** The fastest HTTP server that there is here: nginx with one worker, else Node's own. It answers GET with 100 bytes. */
export function httpServer(dir: string): Promise<Server> {
  const nginx = program('nginx');
  return nginx === null ? nodeServer() : nginxServer(nginx, dir);
}

async function nginxServer(nginx: readonly string[], dir: string): Promise<Server> {
  const port = await freePort();
  const home = join(dir, 'nginx');
  mkdirSync(home, { recursive: true });
  const config = join(home, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; pid ${home}/pid; error_log stderr; worker_processes 1;
    events { worker_connections 4096; }
    http {
      access_log off; keepalive_requests 1000000000; default_type text/plain;
      client_body_temp_path ${home}; proxy_temp_path ${home}; fastcgi_temp_path ${home};
      uwsgi_temp_path ${home}; scgi_temp_path ${home};
      server {
        listen 127.0.0.1:${port};
        location / { return 200 "${'x'.repeat(100)}"; }
        location = /requests { stub_status; }
      }
    }`,
  );
  const [file = ''] = nginx;
  const child = spawn(file, ['-p', home, '-c', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  return started('nginx, one worker', child, port, (text) => Number(/(\d+) *\n *Reading/.exec(text)?.[1]));
}

async function nodeServer(): Promise<Server> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'http-server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')).map(Number);
  return started('bench/http-server.ts', child, port ?? 0, Number);
}

/** Waits until it answers. */
async function started(
  name: string,
  child: ChildProcess,
  port: number,
  countIn: (text: string) => number,
): Promise<Server> {
  const url = `http://127.0.0.1:${port}/`;
  let asked = 0;
  const requests = async () => {
    const text = await (await fetch(`${url}requests`)).text();
    asked += 1;
    return countIn(text) - asked;
  };
  const until = performance.now() + 5000;
  while ((await requests().catch(() => null)) === null) {
    if (performance.now() > until || child.exitCode !== null) throw new Error(`${name} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const close = async () => {
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  };
  return { name, url, requests, close };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
