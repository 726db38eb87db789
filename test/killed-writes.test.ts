import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { said, Workshop } from './support.ts';

/** A run that is killed while it writes to a service that goes on, and forgets every fifth order. */

const shop = new Workshop();
const orders = new Set<string>();
const service = createServer((request, response) => {
  const token = (request.url ?? '').split('/').at(-1) ?? '';
  if (request.method === 'PUT' && Number(token.split('.').at(-1)) % 5 !== 0) orders.add(token);
  const isGood = request.method === 'PUT' || !token.startsWith('r.') || orders.has(token);
  response.writeHead(isGood ? 200 : 404).end();
});
afterEach(() => {
  shop.close();
  service.closeAllConnections();
  service.close();
});

it('has its writes read back by its guardian', { timeout: 60_000 }, async () => {
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const node = `127.0.0.1:${(service.address() as AddressInfo).port}`;
  shop.write('config.yaml', `http_nodes: ["http://${node}"]\n`);
  shop.write(
    's.yaml',
    `name: s
checks:
  - lost_writes:
      target: "${node}"
      rps: 50
      http: { write: { method: PUT, path: "/orders/{{token}}" }, read: { path: "/orders/{{token}}" } }
phases:
  - { name: one, duration_sec: 1, actions: [{ type: start_load, target: all_nodes, rps: 20 }] }
  - { name: two, duration_sec: 30 }
`,
  );
  const { child, done } = shop.start(['run', '--scenario', 's.yaml', '--run-id', 'r']);
  await said(child, /phase two/);
  child.kill('SIGKILL');
  await done;
  for (let times = 0; shop.manifest('r').status === 'running'; times += 1) {
    if (times > 200) throw new Error('waited in vain for the guardian');
    await sleep(100);
  }
  const { correctness, reason } = shop.manifest('r');
  expect(reason).toContain('its guardian cleaned up');
  const [check] = correctness?.checks ?? [];
  expect(check?.acknowledged).toBeGreaterThan(20);
  expect(check).toMatchObject({ unread: 0, read_from: node });
  // Some were under way, and are told of by no line.
  expect(Math.abs((check?.lost ?? 0) - (check?.acknowledged ?? 0) / 5)).toBeLessThanOrEqual(3);
  const notes = shop.events('r').filter(({ type }) => type === 'note');
  expect(JSON.stringify(notes)).toContain(`writes to ${node}: ${check?.acknowledged} acknowledged`);
  const gated = await shop.orch(['gate', '--run', 'r', '--gate', 'lost_writes == 0', '--json']);
  expect(JSON.parse(gated.stdout)).toMatchObject({ gates: [{ measured: check?.lost }] });
});
