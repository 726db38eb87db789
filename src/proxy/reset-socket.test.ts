import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetOnceFlushed } from './reset-socket.ts';

describe('a socket that is reset', () => {
  const server = createServer({ allowHalfOpen: true });
  let socket: Socket;
  let peer: Socket | undefined;
  let ends: string[];
  beforeEach(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'connection');
    socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    [[peer]] = (await Promise.all([accepted, once(socket, 'connect')])) as [[Socket], unknown];
    ends = [];
    socket.on('error', (error) => ends.push(error.message)).on('close', () => ends.push('closed'));
  });
  afterEach(() => {
    peer?.destroy();
    server.close();
  });

  /** How the connection ends for the peer, which reads all that comes. */
  async function peerSees(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    peer?.resume().once('end', () => resolve('end'));
    peer?.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    return promise;
  }

  it('sends RST once all is written', async () => {
    socket.write(Buffer.alloc(8_000_000));
    resetOnceFlushed(socket);
    expect(await peerSees()).toBe('ECONNRESET');
    await expect.poll(() => ends).toEqual(['closed']);
    expect(socket.bytesWritten).toBe(8_000_000);
  });

  it.each([0, 8_000_000])('closes where its end, behind %i bytes, is on its way', async (bytes) => {
    socket.end(Buffer.alloc(bytes));
    resetOnceFlushed(socket);
    expect(await peerSees()).toMatch(/^(end|ECONNRESET)$/);
    await expect.poll(() => ends).toEqual(['closed']);
    expect(socket.bytesWritten).toBe(bytes);
  });

  it('closes where it was ended, or reset once more, while it was being flushed', async () => {
    socket.write(Buffer.alloc(8_000_000));
    resetOnceFlushed(socket);
    socket.end();
    resetOnceFlushed(socket);
    expect(await peerSees()).toMatch(/^(end|ECONNRESET)$/);
    await expect.poll(() => ends).toEqual(['closed']);
    expect(socket.bytesWritten).toBe(8_000_000);
  });
});
