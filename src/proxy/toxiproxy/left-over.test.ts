import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../clock/system.ts';
import { needs } from '../../testing/requirements.ts';
import { echoServer } from '../stage.fixture.ts';
import { toxiproxyAddress } from './address.ts';
import { ToxiproxyApi } from './api.ts';
import { proxyName, removeProxies } from './left-over.ts';
import { ToxiproxyServer } from './server.fixture.ts';

const briefly = { clock: systemClock, patienceMs: 0, refusals: 1 };

/** Something that listens and is no Toxiproxy. Resolves to its `host:port`. */
async function double(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.skipIf(!needs('toxiproxy'))('proxies that a run has left in a Toxiproxy', () => {
  let server: ToxiproxyServer;
  beforeEach(async () => {
    server = await ToxiproxyServer.start();
  });
  afterEach(() => server.stop());

  it('are removed, with their toxics; others are not, whatever the list says', async () => {
    const mine = proxyName('5b1f', 'web');
    await server.proxy(mine, echoServer());
    await server.proxy('theirs', echoServer());
    await server.api.addToxic(mine, {
      name: 't',
      type: 'timeout',
      stream: 'upstream',
      toxicity: 1,
      attributes: { timeout: 0 },
    });
    const names = [mine, 'theirs', proxyName('5b1f', 'never-made')];
    expect(await removeProxies({ at: server.at, names }, briefly)).toEqual({
      removed: [`proxy ${mine} of the Toxiproxy at ${server.at}`],
      left: [],
    });
    expect(await server.names()).toEqual(['theirs']);
  });

  it('are found where they are made only just after they are looked for', async () => {
    const mine = proxyName('5b1f', 'web');
    // It is made while there is waited for just that.
    const clock = {
      ...systemClock,
      sleepUntil: async () => {
        await server.proxy(mine, echoServer());
      },
    };
    const { removed } = await removeProxies({ at: server.at, names: [mine] }, { ...briefly, clock });
    expect(removed).toHaveLength(1);
    expect(await server.names()).toEqual([]);
  });

  it('are gone with a server that has ended', async () => {
    await server.stop();
    const names = [proxyName('5b1f', 'web')];
    expect(await removeProxies({ at: server.at, names }, briefly)).toEqual({ removed: [], left: [] });
  });
});

describe('a server that is no Toxiproxy, or none any more', () => {
  it.each<[string, RequestListener]>([
    ['speaks HTML', (_, response) => response.end('<html>')],
    ['speaks another JSON', (_, response) => response.end('{"version":2}')],
    ['knows no such path', (_, response) => response.writeHead(404).end('not found')],
    ['leads elsewhere', (_, response) => response.writeHead(302, { location: '/login' }).end()],
  ])('that %s is named as such', async (_, answer) => {
    const api = new ToxiproxyApi(toxiproxyAddress(await double(answer)));
    await expect(api.version()).rejects.toMatchObject({ code: 'toxiproxy-unreachable' });
    await expect(api.findProxy('p')).rejects.toMatchObject({ code: 'toxiproxy-unreachable' });
  });

  it('that refuses is told with what it says', async () => {
    const at = await double((_, response) => response.writeHead(409).end('{"error":"proxy already exists"}'));
    const making = new ToxiproxyApi(toxiproxyAddress(at)).createProxy({
      name: 'p',
      listen: 'l',
      upstream: 'u',
    });
    await expect(making).rejects.toThrow(`the Toxiproxy at ${at} refuses: proxy already exists`);
  });

  it('leaves open what became of proxies, and is asked again while there is patience', async () => {
    let asked = 0;
    const at = await double((_, response) => {
      asked += 1;
      response.destroy();
    });
    const { removed, left } = await removeProxies(
      { at, names: ['orch-m-web'] },
      { clock: systemClock, patienceMs: 700, refusals: 1 },
    );
    expect(removed).toEqual([]);
    expect(left).toEqual([
      expect.stringContaining(`proxy orch-m-web of the Toxiproxy at ${at}: no Toxiproxy answers`),
    ]);
    expect(asked).toBe(2);
  });
});

describe('a Toxiproxy that refuses to remove a proxy', () => {
  it('is asked as often as was said, and no more', async () => {
    let refused = 0;
    const at = await double((request, response) => {
      if (request.method === 'GET') {
        response.end('{"listen":"127.0.0.1:1","toxics":[]}');
      } else {
        refused += 1;
        response.writeHead(500).end('{"error":"not now"}');
      }
    });
    const options = { clock: systemClock, patienceMs: 60_000, refusals: 2 };
    const { left } = await removeProxies({ at, names: ['orch-m-web'] }, options);
    expect(left).toEqual([expect.stringMatching(/refuses: not now$/)]);
    expect(refused).toBe(2);
  });
});

describe('the address of a Toxiproxy', () => {
  it.each([
    ['toxiproxy://127.0.0.1:8474', { host: '127.0.0.1', port: 8474, text: '127.0.0.1:8474', isLocal: true }],
    ['toxiproxy://localhost:1', { host: 'localhost', port: 1, text: 'localhost:1', isLocal: true }],
    ['toxiproxy://[::1]:8474', { host: '::1', port: 8474, text: '[::1]:8474', isLocal: true }],
    ['10.0.0.7:8474', { host: '10.0.0.7', port: 8474, text: '10.0.0.7:8474', isLocal: false }],
    ['toxiproxy://toxi.test:8474', { host: 'toxi.test', port: 8474, text: 'toxi.test:8474', isLocal: false }],
  ])('%s', (text, address) => {
    expect(toxiproxyAddress(text)).toEqual(address);
  });
});
