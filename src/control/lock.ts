import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from '../model/errors.ts';
import { z } from '../model/zod.ts';

/** Who holds a lock: it says so itself to whoever asks for it too. */
const ownerSchema = z.object({
  role: z.enum(['run', 'guardian', 'recover']),
  pid: z.number(),
  run_id: z.string(),
});

export type LockOwner = z.infer<typeof ownerSchema>;

/** A lock on this machine that dies with its owner: a socket that listens, and that the kernel closes however the owner ends. */
export interface Lock {
  release(): Promise<void>;
}

export type Claim =
  | { readonly lock: Lock }
  /** The owner is null where it does not say who it is: it stands still, or is something else. */
  | { readonly lock: null; readonly owner: LockOwner | null };

const tries = 20;
const answerLimitMs = 1_000;

/** Takes the lock of that name, or says who holds it. */
export async function takeLock(name: string, owner: LockOwner): Promise<Claim> {
  const path = socketPath(name);
  for (let attempt = 1; ; attempt += 1) {
    const server = await listen(path, owner);
    if (server !== null) return { lock: { release: () => close(server) } };
    const holder = await ask(path);
    if (holder !== 'nobody') return { lock: null, owner: holder };
    if (attempt === tries) throw new Error(`the lock ${path} can neither be taken nor asked`);
    // Its owner has just gone; where sockets are files, it left one behind.
    if (!path.startsWith('\0')) await rm(path, { force: true });
    await sleep(10);
  }
}

/** The name of the lock of whoever uses the node at that address, by whatever name of this machine it goes. */
export function addressLock(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  const host = /^(localhost|127\..*|\[::1\])$/.test(hostname) ? '127.0.0.1' : hostname;
  return `node ${protocol}//${host}:${port || usualPorts[protocol] || ''}`;
}

const usualPorts: Readonly<Record<string, string>> = {
  'http:': '80',
  'https:': '443',
  'redis:': '6379',
  'rediss:': '6379',
};

/** Who holds the lock of that name; undefined where nobody does. */
export async function holderOf(name: string): Promise<LockOwner | null | undefined> {
  const holder = await ask(socketPath(name));
  return holder === 'nobody' ? undefined : holder;
}

/** Where a lock listens. Linux has sockets without files; elsewhere it is one in the directory for temporary files. */
export function socketPath(name: string): string {
  const short = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return process.platform === 'linux' ? `\0orch-lock-${short}` : join(tmpdir(), `orch-lock-${short}`);
}

async function listen(path: string, owner: LockOwner): Promise<Server | null> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    // Closed from here as soon as it is told: who asks may stand still, and is not to hold up the release.
    socket.end(JSON.stringify(owner), () => socket.destroy());
  });
  server.listen(path);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (errnoOf(error) === 'EADDRINUSE') return null;
    throw error;
  }
  // It ends with the process, and does not keep it going.
  server.unref();
  return server;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}

async function ask(path: string): Promise<LockOwner | null | 'nobody'> {
  const socket = connect(path);
  socket.setTimeout(answerLimitMs, () => socket.destroy(new Error('no answer')));
  try {
    let text = '';
    for await (const part of socket) text += String(part);
    return ownerSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    const errno = errnoOf(error);
    return errno === 'ECONNREFUSED' || errno === 'ENOENT' ? 'nobody' : null;
  } finally {
    socket.destroy();
  }
}
