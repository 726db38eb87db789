import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root, Workshop } from './support.ts';

describe('a run in which the generator was the bottleneck', () => {
  let shop: Workshop;
  let server: Server;
  let answerMs: number;
  beforeEach(async () => {
    shop = new Workshop();
    answerMs = 0;
    server = createServer((_, response) => void setTimeout(() => response.end('ok'), answerMs));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
    shop.close();
  });

  function write(load: string, settings: string): void {
    const { port } = server.address() as AddressInfo;
    shop.write(
      'config.yaml',
      `http_nodes: ['http://127.0.0.1:${port}']\nhttp_workload: {method: GET, path: /}\nload: ${settings}\n`,
    );
    const action = `{type: start_load, target: all_nodes, ${load}}`;
    shop.write('s.yaml', `name: s\nphases: [{name: only, duration_sec: 3, actions: [${action}]}]\n`);
  }

  async function analysed(): Promise<string> {
    const { code, stdout, stderr } = await shop.orch(['analyze', '--baseline', 'r', '--run', 'r']);
    expect(code, stderr).toBe(2);
    return stdout + stderr;
  }

  it('says so while it goes on, when it ends, and in its analysis, and is inconclusive', async () => {
    write('rps: 90000', '{workers: 1}');
    const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'r']);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/warning: the generator does not keep up: half of the last second’s requests/);
    expect(stderr).toMatch(/could not keep its schedule .*\[generator-bottleneck\]/);
    const { generator, conclusive, counts } = shop.manifest('r');
    expect(generator).toMatchObject({ workers: 1, bottleneck: true, exhausted: {} });
    expect(conclusive).toBe(false);
    // None of them is missing all the same.
    expect(counts.due).toBe(90000 * 3);
    expect(await analysed()).toContain('it was the bottleneck, not the nodes');
  });

  it('knows what its machine ran out of from what the nodes did', async () => {
    answerMs = 300;
    write('vus: 300', '{max_in_flight: 300}');
    const orch = `"${process.execPath}" "${root}/src/main.ts" run --scenario s.yaml --run-id r`;
    const { code, stderr } = await shop.startWith('bash', ['-c', `ulimit -n 120; exec ${orch}`]).done;
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/warning: this machine runs out of open files of one process .*\(EMFILE\)/);
    const { generator, counts } = shop.manifest('r');
    expect(generator?.exhausted?.['EMFILE']).toBe(counts.fail);
    // Those who had a connection had their answers, whatever befell the others.
    expect(counts.ok).toBeGreaterThan(200);
    expect(await analysed()).toContain('open files of one process (ulimit -n)');
  });
});
