import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scenarioText, Workshop } from './support.ts';

/** Nodes that orch knows nothing of but their addresses: no service names, no driver. */
describe('any list of URLs', () => {
  let shop: Workshop;
  let servers: Server[] = [];
  let seen: IncomingMessage[] = [];
  let urls: string[] = [];

  beforeEach(async () => {
    shop = new Workshop();
    shop.write('s.yaml', scenarioText('s', [2]));
    seen = [];
    servers = await Promise.all([listening(seen), listening(seen)]);
    urls = servers.map((server) => {
      const address = server.address();
      return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    });
  });
  afterEach(() => {
    shop.close();
    for (const server of servers) server.close();
  });

  it('is loaded without a driver, with the workload of the config, in turn where that is asked for', async () => {
    shop.write(
      'config.yaml',
      [
        `http_nodes: [${urls.join(', ')}]`,
        'load: { spread: round_robin }',
        'http_workload: { method: PUT, path: /items/7, headers: { x-test: "yes" }, body: hello, expected_status: [200] }',
      ].join('\n'),
    );
    const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'r']);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('driver: none');
    expect(shop.manifest('r').counts).toMatchObject({ due: 100, ok: 100 });
    for (const url of urls) {
      expect(shop.rows('r').filter((row) => row.includes(`,${new URL(url).host},`)).length).toBe(50);
    }
    // The looks whether the nodes answer come before the load, and are no part of it.
    const load = seen.filter(({ method }) => method === 'PUT');
    expect(load.length).toBe(100);
    expect(load.every(({ url, headers }) => url === '/items/7' && headers['x-test'] === 'yes')).toBe(true);
  });

  it('may have one in it that does not answer: that is told, and recorded as its failures', async () => {
    shop.write(
      'config.yaml',
      `http_nodes: [${urls[0]}, http://127.0.0.1:13]\nload: { spread: round_robin }\n`,
    );
    const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'r']);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('not answering, its requests will fail: 127.0.0.1:13');
    expect(shop.manifest('r').counts).toMatchObject({ due: 100, ok: 50, fail: 50 });
    expect(
      shop
        .rows('r')
        .filter((row) => row.includes(',127.0.0.1:13,0,'))
        .every((row) => row.includes(',ECONNREFUSED,fail,')),
    ).toBe(true);
  });
});

function listening(seen: IncomingMessage[]): Promise<Server> {
  const server = createServer((request, response) => {
    seen.push(request);
    request.resume();
    response.end('fine');
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
