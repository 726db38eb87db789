import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { freePort } from '../../control/ports.ts';
import { loadMark } from './protocol.ts';
import { type Script, ScriptedService } from './scripted-service.ts';

const request = `*2\r\n$3\r\nGET\r\n$${loadMark.length}\r\n${loadMark}\r\n`;

it('notes that it was as before only when all that it had held up was answered, in order', async () => {
  const port = await freePort();
  const slow = { kind: 'latency', fromSec: 0.1, toSec: 0.4, node: null, addMs: 300, share: 0 } as const;
  const script: Script = { protocol: 'redis', ports: [port], disturbance: slow, seed: 1 };
  const service = await ScriptedService.start(script);
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  let answers = 0;
  client.on('data', (bytes: Buffer) => (answers += bytes.toString().split('\r\n').length - 1));
  const asked = 50;
  for (let turn = 0; turn < asked; turn += 1) {
    client.write(request);
    await sleep(10);
  }
  await expect.poll(() => answers, { timeout: 10_000 }).toBe(asked);
  const noted = await service.stop();
  client.destroy();
  const { fromSec = Number.NaN, toSec = Number.NaN, caughtUpSec = Number.NaN } = noted ?? {};
  expect(toSec - fromSec).toBeGreaterThan(0.2);
  expect(caughtUpSec - toSec).toBeGreaterThan(0.05);
  // The answer to the last one that was slowed, and some milliseconds that any answer takes.
  expect(caughtUpSec - toSec).toBeLessThan(0.4);
});
