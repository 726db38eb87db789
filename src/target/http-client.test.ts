import { channel } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, expect, test } from 'vitest';
import { createClient } from './http-client.ts';

const server = createServer((_, response) => {
  response.setHeader('connection', 'close').end();
});
afterAll(() => server.close());

test('nothing is kept of connections that are over, however long the client is there', async () => {
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
    });
  });
  const sockets: WeakRef<object>[] = [];
  const note = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return;
    if (typeof message.socket === 'object' && message.socket !== null)
      sockets.push(new WeakRef(message.socket));
  };
  const connected = channel('undici:client:connected');
  connected.subscribe(note);
  const { client, cut } = createClient(`http://127.0.0.1:${port}`, { tls: {} });
  try {
    for (let request = 0; request < 20; request += 1) {
      const { body } = await client.request({ method: 'GET', path: '/' });
      await body.dump();
    }
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect !== 'function') throw new Error('the collector cannot be called');
    await sleep(20);
    collect();
    expect(sockets).toHaveLength(20);
    expect(sockets.filter((socket) => socket.deref() !== undefined).length).toBeLessThan(5);
  } finally {
    connected.unsubscribe(note);
    await cut();
  }
});
