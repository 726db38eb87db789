import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { program } from './peers.ts';
import { freePort, type Server } from './server.ts';

/** A redis-server that keeps nothing; null where there is none. */
export async function redisServer(dir: string): Promise<Pick<Server, 'name' | 'url' | 'close'> | null> {
  const [file] = program('redis-server') ?? [];
  if (file === undefined) return null;
  const port = await freePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn(file, settings, { cwd: dir, stdio: 'ignore' });
  const gone = once(child, 'exit');
  const close = async () => {
    child.kill();
    await gone;
  };
  try {
    await answering(port);
  } catch (error) {
    await close();
    throw error;
  }
  return { name: 'redis-server', url: `redis://127.0.0.1:${port}`, close };
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect')
      .then(() => true)
      .catch(() => false);
    socket.destroy();
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('redis-server does not answer');
}
