import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../../testing/requirements.ts';
import { until } from '../../driver.contract.ts';
import { ask, NetRig, open, sendDatagrams } from './net-rig.fixture.ts';

/** Within 4.5 standard deviations of a binomial: a fair dice leaves it once in 150,000 times. */
function expectShare(hits: number, of: number, share: number): void {
  expect(Math.abs(hits - of * share)).toBeLessThanOrEqual(4.5 * Math.sqrt(of * share * (1 - share)));
}

describe.skipIf(!needs('nsenter'))('faults of a container’s network', { timeout: 90_000 }, () => {
  let rig: NetRig;
  let address: string;
  beforeAll(async () => {
    rig = await NetRig.start('effects', ['web', 'other', 'db']);
    address = await rig.addressOf('web');
  });
  afterAll(() => rig?.end());

  /** Of a new connection to the port that is published on this machine. */
  const fromOutside = async (name: string, waitMs = 1500) => {
    const socket = open('127.0.0.1', rig.node(name).port);
    const answer = await ask(socket, '/bytes/10', 10, waitMs);
    socket.destroy();
    return answer.came;
  };
  /** Of a new connection to the container itself. */
  const direct = async (path = '/bytes/10', bytes = 10, waitMs = 1500) => {
    const socket = open(address, 8000);
    const answer = await ask(socket, path, bytes, waitMs);
    socket.destroy();
    return answer;
  };
  /** Of a connection from one node to another, by its name. */
  const between = (from: string, to: string) =>
    rig.exec(
      from,
      `fetch('http://${to}:8000/bytes/10', { signal: AbortSignal.timeout(1500) })
        .then(() => 'answers', (error) => (error.name === 'TimeoutError' ? 'silent' : String(error.cause?.code)))
        .then((came) => process.stdout.write(came, () => process.exit()))`,
    );

  it('loss: each datagram to the node by chance, and no other node’s', async () => {
    const spec = { kind: 'loss', share: 0.3 } as const;
    const count = 2000;
    const before = await rig.datagramsAt('web');
    await rig.during('iptables', 'web', spec, () => sendDatagrams(address, count));
    const lost = before + count - (await rig.datagramsAt('web'));
    expectShare(lost, count, 0.3);
    await rig.during('iptables', 'other', spec, () => sendDatagrams(address, 200));
    expect(await rig.datagramsAt('web')).toBe(before + count - lost + 200);
  });

  it.each([
    [0, 300],
    [1, 0],
  ])('loss: share %d lets %d of 300 through', async (share, through) => {
    const before = await rig.datagramsAt('web');
    await rig.during('iptables', 'web', { kind: 'loss', share }, () => sendDatagrams(address, 300));
    expect(await rig.datagramsAt('web')).toBe(before + through);
  });

  it('loss: TCP goes on, as it sends again', async () => {
    await rig.during('iptables', 'web', { kind: 'loss', share: 0.1 }, async () => {
      expect(await direct('/bytes/200000', 200_000, 15_000)).toMatchObject({ came: 'answers' });
    });
  });

  /** In kbit/s on the wire, where a full packet of 1,514 bytes carries 1,448. */
  const rateAt = async (expectedKbit: number) => {
    const bytes = expectedKbit * 250;
    const socket = open(address, 8000);
    await once(socket, 'connect');
    const fromMs = performance.now();
    const answer = await ask(socket, `/bytes/${bytes}`, bytes, 20_000);
    const tookMs = performance.now() - fromMs;
    socket.destroy();
    return (answer.bytes * 8 * (1514 / 1448)) / tookMs;
  };

  it.each([4_000, 40_000])('bandwidth: %d kbit/s within 5%%', async (rateKbit) => {
    const spec = { kind: 'bandwidth', rate_kbit: rateKbit } as const;
    await rig.during('tbf', 'web', spec, async () => {
      const rates = [await rateAt(rateKbit), await rateAt(rateKbit), await rateAt(rateKbit)];
      const median = rates.sort((a, b) => a - b)[1] ?? 0;
      expect(median / rateKbit).toBeGreaterThan(0.95);
      expect(median / rateKbit).toBeLessThan(1.05);
    });
  });

  it('reset: new connections are refused, the others go on, and so do other nodes', async () => {
    const established = open(address, 8000);
    await ask(established, '/bytes/10', 10, 1500);
    await rig.during('iptables', 'web', { kind: 'reset', share: 1, after_bytes: 0 }, async () => {
      expect(await direct()).toEqual({ came: 'ECONNREFUSED', bytes: 0 });
      expect(await fromOutside('web')).toMatch(/^(ECONNRESET|ended)$/);
      expect(await between('other', 'web')).toBe('ECONNREFUSED');
      expect(await fromOutside('other')).toBe('answers');
      expect(await ask(established, '/bytes/10', 10, 1500)).toMatchObject({ came: 'answers' });
    });
    established.destroy();
    expect(await fromOutside('web')).toBe('answers');
  });

  it('reset: a share of the new connections', async () => {
    await rig.during('iptables', 'web', { kind: 'reset', share: 0.25, after_bytes: 0 }, async () => {
      const kinds: string[] = [];
      for (let n = 0; n < 400; n += 1) kinds.push((await direct()).came);
      expectShare(kinds.filter((kind) => kind === 'ECONNREFUSED').length, 400, 0.25);
      expect(new Set(kinds)).toEqual(new Set(['ECONNREFUSED', 'answers']));
    });
  });

  it('reset: once the node has sent so many bytes', async () => {
    await rig.during('iptables', 'web', { kind: 'reset', share: 1, after_bytes: 50_000 }, async () => {
      expect(await direct()).toMatchObject({ came: 'answers' });
      expect(await direct('/bytes/30000', 30_000)).toMatchObject({ came: 'answers' });
      const socket = open(address, 8000);
      await once(socket, 'connect');
      const { localPort } = socket;
      const cut = await ask(socket, '/bytes/5000000', 5_000_000, 5000);
      expect(cut.came).toBe('ECONNRESET');
      expect(cut.bytes).toBeGreaterThan(0);
      expect(cut.bytes).toBeLessThan(5_000_000);
      const heardOfIt = async () => !(await rig.within('web', 'ss', '-Htn')).includes(`:${localPort}`);
      await until(heardOfIt, 'the node to have closed the connection, too');
    });
  });

  it('reset: a share of the new connections, once the node has sent so many bytes', async () => {
    await rig.during('iptables', 'web', { kind: 'reset', share: 0.5, after_bytes: 20_000 }, async () => {
      const kinds: string[] = [];
      for (let n = 0; n < 200; n += 1) kinds.push((await direct('/bytes/1000000', 1_000_000)).came);
      expectShare(kinds.filter((kind) => kind === 'ECONNRESET').length, 200, 0.5);
      expect(new Set(kinds)).toEqual(new Set(['ECONNRESET', 'answers']));
    });
  });

  it('black hole: all connections fall silent, those that are there too, and go on afterwards', async () => {
    const established = open(address, 8000);
    await ask(established, '/bytes/10', 10, 1500);
    await rig.during('iptables', 'web', { kind: 'black_hole', share: 1 }, async () => {
      const silent = ask(established, '/bytes/10', 10, 1500);
      expect(await fromOutside('web')).toBe('silent');
      expect((await direct()).came).toBe('silent');
      expect((await silent).came).toBe('silent');
      expect(await between('web', 'other')).toBe('silent');
      expect(await between('web', '127.0.0.1')).toBe('answers');
      expect(await fromOutside('other')).toBe('answers');
    });
    expect(await ask(established, '/bytes/10', 10, 15_000)).toMatchObject({ came: 'answers' });
    established.destroy();
    expect(await fromOutside('web')).toBe('answers');
  });

  it('black hole: a share of the connections, each for as long as it lasts', async () => {
    const count = 200;
    const early = Array.from({ length: count }, () => open(address, 8000));
    await Promise.all(early.map((socket) => ask(socket, '/bytes/10', 10, 5000)));
    await rig.during('iptables', 'web', { kind: 'black_hole', share: 0.4 }, async () => {
      // Long enough for a SYN to be sent again, which must not be drawn for anew.
      const late = Array.from({ length: count }, () => open(address, 8000));
      for (const sockets of [early, late]) {
        const answers = await Promise.all(sockets.map((socket) => ask(socket, '/bytes/10', 10, 2500)));
        const silent = sockets.filter((_, index) => answers[index]?.came === 'silent');
        expectShare(silent.length, count, 0.4);
        const speaking = sockets.filter((socket) => !silent.includes(socket));
        const again = await Promise.all(speaking.map((socket) => ask(socket, '/bytes/10', 10, 2500)));
        expect(new Set(again.map(({ came }) => came))).toEqual(new Set(['answers']));
      }
      for (const socket of late) socket.destroy();
    });
    for (const socket of early) socket.destroy();
  });

  it('partition from clients: silent to this machine, while the network’s nodes go on', async () => {
    const spec = { kind: 'partition', from: 'clients', direction: 'both' } as const;
    await rig.during('iptables', 'web', spec, async () => {
      expect(await fromOutside('web')).toBe('silent');
      expect((await direct()).came).toBe('silent');
      expect(await between('other', 'web')).toBe('answers');
      expect(await between('web', 'other')).toBe('answers');
      expect(await fromOutside('other')).toBe('answers');
    });
    expect(await fromOutside('web')).toBe('answers');
  });

  it('partition from a peer: silent to that one, while clients and others go on', async () => {
    const spec = { kind: 'partition' as const, from: ['db'], direction: 'both' as const };
    await rig.during('iptables', 'web', spec, async () => {
      expect(await between('db', 'web')).toBe('silent');
      expect(await between('web', 'db')).toBe('silent');
      expect(await between('other', 'web')).toBe('answers');
      expect(await between('web', 'other')).toBe('answers');
      expect(await fromOutside('web')).toBe('answers');
      expect(await fromOutside('db')).toBe('answers');
    });
    expect(await between('db', 'web')).toBe('answers');
  });

  it.each([
    ['in', { web: 0, db: 1 }],
    ['out', { web: 1, db: 0 }],
  ] as const)('partition one way: %s', async (direction, arrives) => {
    const send = (from: string, to: string) =>
      rig.exec(
        from,
        `const s = require('dgram').createSocket('udp4'); s.send('x', 9000, '${to}', () => s.close())`,
      );
    const before = { web: await rig.datagramsAt('web'), db: await rig.datagramsAt('db') };
    await rig.during('iptables', 'web', { kind: 'partition', from: ['db'], direction }, async () => {
      await send('db', 'web');
      await send('web', 'db');
      expect(await rig.datagramsAt('web')).toBe(before.web + arrives.web);
      expect(await rig.datagramsAt('db')).toBe(before.db + arrives.db);
    });
  });

  it('DNS failure: the peer’s name alone is no more found, by this node alone', async () => {
    const lookUp = (from: string) =>
      rig.exec(
        from,
        `const { lookup, resolve4 } = require('dns').promises;
        const says = (asked) => asked.then(() => 'found', (error) => error.code);
        Promise.all([says(lookup('db')), says(lookup('DB')), says(resolve4('db')), says(lookup('other')), says(lookup('no-such'))])
          .then((all) => process.stdout.write(all.join(' ')))`,
      );
    const found = 'found found found found ENOTFOUND';
    expect((await lookUp('web')).replace('EAI_AGAIN', 'ENOTFOUND')).toBe(found);
    await rig.during('iptables', 'web', { kind: 'dns_failure', peers: ['db'] }, async () => {
      expect((await lookUp('web')).replace(/EAI_AGAIN$/, 'ENOTFOUND')).toBe(
        'EAI_AGAIN EAI_AGAIN ECONNREFUSED found ENOTFOUND',
      );
      expect(await lookUp('other')).toContain('found found found');
      expect(await between('web', 'other')).toBe('answers');
      expect(await fromOutside('web')).toBe('answers');
    });
    expect(await lookUp('web')).toContain('found found found found');
  });
});
