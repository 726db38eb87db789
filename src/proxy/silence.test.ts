import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenLink } from './link-spec.ts';
import { binomial, echoServer, fate, receive, roundTrip, Stage } from './stage.fixture.ts';
import type { ToxicSpec } from './toxic.ts';

const partition = (direction: 'both' | 'in' | 'out'): ToxicSpec => ({
  kind: 'partition',
  from: 'clients',
  direction,
});

describe('silence', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage(3);
  });
  afterEach(() => stage.close());

  /** How many of the clients get no answer within that time, each sending one byte. */
  async function silent(clients: readonly Socket[], withinMs: number): Promise<number> {
    let answered = 0;
    const all = clients.map((client) => roundTrip(client).then(() => (answered += 1)));
    await Promise.race([Promise.all(all), new Promise((resolve) => setTimeout(resolve, withinMs))]);
    return clients.length - answered;
  }

  const clientsOf = (link: OpenLink, count: number) =>
    Promise.all(Array.from({ length: count }, () => stage.client(link)));

  it.each(['both', 'in', 'out'] as const)(
    'partition (%s) cuts an open connection, and lets flow what was held once it is healed',
    async (direction) => {
      const link = await stage.link(echoServer());
      const client = await stage.client(link);
      await roundTrip(client);
      const before = await stage.proxy.count(link);
      await stage.proxy.set(link, 'm', partition(direction));
      client.write('held');
      expect(await fate(client, 200)).toBe('open');
      const during = await stage.proxy.count(link);
      // What reaches the node is seen by what it was sent: only where its answers alone are cut.
      expect(during.bytesIn - before.bytesIn).toBe(direction === 'out' ? 4 : 0);
      expect(during.bytesOut).toBe(before.bytesOut);
      const held = receive(client, 4);
      await stage.proxy.clear(link, 'm');
      expect((await held).toString()).toBe('held');
    },
  );

  it('partition: a new connection is silent, and the node never hears of one that was given up', async () => {
    const server = echoServer();
    const reached: Socket[] = [];
    server.on('connection', (socket) => reached.push(socket));
    const link = await stage.link(server);
    await stage.proxy.set(link, 'm', partition('both'));
    const [patient, impatient] = await clientsOf(link, 2);
    if (patient === undefined || impatient === undefined) throw new Error('no clients');
    patient.write('patient');
    impatient.write('impatient');
    expect(await fate(patient, 200)).toBe('open');
    impatient.end();
    expect(await fate(impatient, 1000)).toBe('end');
    const answered = receive(patient, 7);
    await stage.proxy.clear(link, 'm');
    expect((await answered).toString()).toBe('patient');
    expect(reached.length).toBe(1);
  });

  it('black_hole: a share of the open connections and of the new ones, all others unharmed', async () => {
    const link = await stage.link(echoServer());
    const open = await clientsOf(link, 100);
    await stage.proxy.set(link, 'm', { kind: 'black_hole', share: 0.3 });
    const fresh = await clientsOf(link, 100);
    const { least, most } = binomial(200, 0.3);
    const openSilent = await silent(open, 1500);
    const freshSilent = await silent(fresh, 1500);
    const { connectionsSilenced } = await stage.proxy.count(link);
    expect(openSilent + freshSilent).toBe(connectionsSilenced);
    expect(openSilent).toBeGreaterThan(5);
    expect(freshSilent).toBeGreaterThan(5);
    expect(connectionsSilenced).toBeGreaterThan(least);
    expect(connectionsSilenced).toBeLessThan(most);
    await stage.proxy.clear(link, 'm');
    expect(await silent(fresh, 5000)).toBe(0);
  });

  it.each([
    { share: 0, expected: 0 },
    { share: 1, expected: 20 },
  ])('black_hole with share $share silences $expected of 20', async ({ share, expected }) => {
    const link = await stage.link(echoServer());
    await stage.proxy.set(link, 'm', { kind: 'black_hole', share });
    expect(await silent(await clientsOf(link, 20), 400)).toBe(expected);
  });

  it('a silent connection holds what it is sent within bounds, and then reads no further', async () => {
    const link = await stage.link(echoServer());
    const client = await stage.client(link);
    await roundTrip(client);
    await stage.proxy.set(link, 'm', partition('both'));
    const bytes = 64 * 1024 * 1024;
    client.write(Buffer.alloc(bytes));
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
    // Not all of it has left: the buffers of proxy and kernel are full.
    expect(client.writableLength).toBeGreaterThan(0);
    let echoed = 0;
    client.on('data', (chunk) => (echoed += chunk.length));
    client.end();
    await stage.proxy.clear(link, 'm');
    await once(client, 'end');
    expect(echoed).toBe(bytes);
  });
});
