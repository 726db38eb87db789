import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disturbance } from '../model/fault-spec.ts';
import { ProxyDisturber } from './disturber.ts';
import type { OpenLink } from './link-spec.ts';
import { echoServer, fate, roundTrip, Stage } from './stage.fixture.ts';

const latency: Disturbance = { kind: 'latency', latency_ms: 100, jitter_ms: 0 };
const status: Disturbance = { kind: 'http_status', status: 503, share: 1, paths: undefined };
const partition = (from: 'clients' | string[], direction: 'both' | 'in' | 'out' = 'both'): Disturbance => ({
  kind: 'partition',
  from,
  direction,
});

/** A port that nobody listens on. */
async function freedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the proxy as a disturber', () => {
  let stage: Stage;
  let disturber: ProxyDisturber;
  let web: OpenLink;
  let redis: OpenLink;
  let replication: OpenLink;

  beforeEach(async () => {
    stage = new Stage();
    disturber = new ProxyDisturber(stage.proxy);
    web = await stage.link(echoServer(), 'http', 'web');
    redis = await stage.link(echoServer(), 'tcp', 'redis');
    replication = await stage.proxy.open({ ...redis, from: 'replica' });
  });
  afterEach(() => stage.close());

  it.each([
    ['web', latency, null],
    ['web', status, null],
    ['redis', partition('clients'), null],
    ['redis', partition(['replica']), null],
    ['replica', partition(['redis']), null],
    ['replica', latency, 'no load goes to replica through the proxy'],
    [
      'redis',
      status,
      'http_status is for nodes that speak HTTP, and the proxy passes on what redis speaks as plain TCP',
    ],
    [
      'web',
      partition(['redis', 'replica']),
      'nothing between web and redis, replica goes through the proxy, as only embedded Redis nodes of one primary do (control.process.replicas)',
    ],
    ['web', { kind: 'cpu_limit', cpus: 1 }, 'the proxy can do nothing of the kind cpu_limit'],
  ] satisfies [string, Disturbance, string | null][])(
    'says of %s and %j: %s',
    async (node, spec, refusal) => {
      expect(await disturber.refusal(node, spec)).toBe(refusal);
    },
  );

  it('applies, shows and removes what it put there, and nothing else', async () => {
    const ours = await disturber.prepare('web', latency, '5b1f');
    expect(ours).toEqual({ marker: '5b1f' });
    const others = await disturber.prepare('web', latency, 'other');
    await disturber.apply('web', latency, others);
    expect((await disturber.look('web', latency, ours)).state).toBe('absent');
    await disturber.apply('web', latency, ours);
    expect(await disturber.look('web', latency, ours)).toEqual({
      state: 'present',
      evidence: `proxy link clients → web on 127.0.0.1:${web.localPort}: latency 5b1f in force, {"latency_ms":100,"jitter_ms":0}; open connections: 0`,
    });
    await disturber.remove('web', latency, ours);
    await disturber.remove('web', latency, ours);
    expect(await disturber.look('web', latency, ours)).toEqual({
      state: 'absent',
      evidence: `proxy link clients → web on 127.0.0.1:${web.localPort}: no toxic 5b1f`,
    });
    expect((await disturber.look('web', latency, others)).state).toBe('present');
  });

  it('cuts a node off from a peer, and from nobody else', async () => {
    const prepared = await disturber.prepare('redis', partition(['replica']), 'm');
    await disturber.apply('redis', partition(['replica']), prepared);
    expect(await roundTrip(await stage.client(redis))).toBeLessThan(5000);
    const replica = await stage.client(replication);
    replica.write('x');
    expect(await fate(replica, 200)).toBe('open');
    expect((await stage.proxy.count(replication)).bytesIn).toBe(0);
    await disturber.remove('redis', partition(['replica']), prepared);
    await roundTrip(replica, 'xy');
  });

  it('turns the direction round where the node made the connection', async () => {
    const spec = partition(['redis'], 'in');
    await stage.client(replication);
    const prepared = await disturber.prepare('replica', spec, 'm');
    await disturber.apply('replica', spec, prepared);
    expect(await stage.proxy.look(replication)).toEqual([
      { marker: 'm', spec: { kind: 'partition', from: ['redis'], direction: 'out' } },
    ]);
    // The proxy comes to know of a connection a little later than who makes it.
    await expect.poll(async () => (await disturber.look('replica', spec, prepared)).state).toBe('present');
  });

  it('has parted nobody where nodes reach each other by another way', async () => {
    const spec = partition(['replica']);
    const prepared = await disturber.prepare('redis', spec, 'm');
    await disturber.apply('redis', spec, prepared);
    expect(await disturber.look('redis', spec, prepared)).toEqual({
      state: 'partial',
      evidence: `proxy link replica → redis on 127.0.0.1:${replication.localPort}: partition m in force, {"from":["replica"],"direction":"both"}; open connections: 0`,
    });
    await stage.client(replication);
    await expect.poll(async () => (await disturber.look('redis', spec, prepared)).state).toBe('present');
    await disturber.remove('redis', spec, prepared);
    expect((await disturber.look('redis', spec, prepared)).state).toBe('absent');
  });

  it('has parted a node from one that is down, as it will be once that is back', async () => {
    const spec = partition(['replica']);
    const gone = await freedPort();
    await stage.proxy.open({ ...web, node: 'replica', from: 'redis', port: gone });
    const prepared = await disturber.prepare('redis', spec, 'm');
    await disturber.apply('redis', spec, prepared);
    const { state, evidence } = await disturber.look('redis', spec, prepared);
    expect(state).toBe('present');
    expect(evidence).toMatch(/open connections: 0; replica takes no connections$/);
  });

  it('says partial where one of several links has it', async () => {
    const back = await stage.proxy.open({ ...web, node: 'replica', from: 'redis' });
    await stage.client(replication);
    const prepared = await disturber.prepare('redis', partition(['replica']), 'm');
    await disturber.apply('redis', partition(['replica']), prepared);
    await stage.proxy.clear(back, 'm');
    expect((await disturber.look('redis', partition(['replica']), prepared)).state).toBe('partial');
  });
});
