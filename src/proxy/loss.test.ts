import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { binomial, echoServer, fate, receive, roundTrip, sourceServer, Stage } from './stage.fixture.ts';

describe('loss', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage(7);
  });
  afterEach(() => stage.close());

  it('loses the share of the segments that was asked for, and all bytes come through in order', async () => {
    const bytes = 4_000_000;
    const link = await stage.link(sourceServer(bytes));
    await stage.proxy.set(link, 'm', { kind: 'loss', share: 0.1 });
    const client = await stage.client(link);
    client.write('x');
    const received = await receive(client, bytes);
    expect(received.length).toBe(bytes);
    expect(received.every((byte, i) => byte === i % 251)).toBe(true);
    const { segments, segmentsLost } = await stage.proxy.count(link);
    expect(segments).toBeGreaterThan(bytes / 1460);
    const { least, most } = binomial(segments, 0.1);
    expect(segmentsLost).toBeGreaterThan(least);
    expect(segmentsLost).toBeLessThan(most);
  });

  it('shows as round trips that take a retransmission timeout of 200 ms or more', async () => {
    const link = await stage.link(echoServer());
    await stage.proxy.set(link, 'm', { kind: 'loss', share: 0.1 });
    const clients = await Promise.all(Array.from({ length: 40 }, () => stage.client(link)));
    const tookMs = await Promise.all(
      clients.map(async (client) => {
        const tookMs: number[] = [];
        for (let i = 0; i < 15; i += 1) tookMs.push(await roundTrip(client));
        return tookMs;
      }),
    );
    // A round trip is two segments, one each way.
    const slow = tookMs.flat().filter((ms) => ms > 195);
    const { least, most } = binomial(tookMs.flat().length, 1 - 0.9 ** 2);
    expect(slow.length).toBeGreaterThan(least);
    expect(slow.length).toBeLessThan(most);
  });

  it('does nothing with share 0, and lets nothing through with share 1 until it is cleared', async () => {
    const link = await stage.link(sourceServer(1_000_000));
    const client = await stage.client(link);
    await stage.proxy.set(link, 'none', { kind: 'loss', share: 0 });
    client.write('x');
    expect((await receive(client, 1_000_000)).length).toBe(1_000_000);
    const counters = await stage.proxy.count(link);
    expect(counters.segments).toBeGreaterThan(600);
    expect(counters.segmentsLost).toBe(0);

    await stage.proxy.set(link, 'all', { kind: 'loss', share: 1 });
    const { bytesIn, bytesOut } = await stage.proxy.count(link);
    client.write('x');
    expect(await fate(client, 400)).toBe('open');
    expect(await stage.proxy.count(link)).toMatchObject({ bytesIn, bytesOut });
    const received = receive(client, 1_000_000);
    await stage.proxy.clear(link, 'all');
    expect((await received).length).toBe(1_000_000);
  });
});
