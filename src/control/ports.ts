import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Embedded nodes serve here only. */
export const loopback = '127.0.0.1';

/** Whether this process may listen on the port now. */
export async function isFree(port: number): Promise<boolean> {
  return (await tryListening(port)) !== undefined;
}

/**
 * For each wanted port itself where it is free, else another: all different.
 * @param isTaken Whether somebody means to listen on it again, though nobody does now.
 */
export async function choosePorts(
  wanted: readonly number[],
  isTaken: (index: number) => Promise<boolean>,
): Promise<number[]> {
  const chosen: number[] = [];
  for (const [index, port] of wanted.entries()) {
    const isOurs = !chosen.includes(port) && (await isFree(port)) && !(await isTaken(index));
    let choice = isOurs ? port : await freePort();
    while (chosen.includes(choice)) choice = await freePort();
    chosen.push(choice);
  }
  return chosen;
}

/** A port that nothing listens on, chosen by the kernel. */
export async function freePort(): Promise<number> {
  const port = await tryListening(0);
  if (port === undefined) throw new Error(`no free port on ${loopback}`);
  return port;
}

/** Resolves to whether the port became free within `limitMs`. */
export async function becomesFree(port: number, limitMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + limitMs;
  while (!(await isFree(port))) {
    if (performance.now() >= deadlineMs) return false;
    await sleep(20);
  }
  return true;
}

async function tryListening(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host: loopback, exclusive: true });
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    return address !== null && typeof address === 'object' ? address.port : undefined;
  } catch {
    return undefined;
  }
}
