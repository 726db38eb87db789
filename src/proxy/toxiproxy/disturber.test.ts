import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../model/disturber.ts';
import { type Disturbance, faultSpec, isDisturbance } from '../../model/fault-spec.ts';
import { needs } from '../../testing/requirements.ts';
import { echoServer } from '../stage.fixture.ts';
import { type Passage, ToxiproxyDisturber } from './disturber.ts';
import { ToxiproxyServer } from './server.fixture.ts';

function disturbance(kind: Disturbance['kind'], parameters: object = {}): Disturbance {
  const spec = faultSpec(kind, parameters);
  if (!isDisturbance(spec)) throw new Error(`${kind} is none`);
  return spec;
}

const latency = disturbance('latency', { latency_ms: 100 });

describe('what Toxiproxy is asked for in vain', () => {
  const passages = new Map<string, Passage>([['web', { at: '127.0.0.1:1', proxy: 'orch-m-web' }]]);
  const disturber = new ToxiproxyDisturber(passages);

  it.each([
    ['web', latency, null],
    ['db', latency, 'no load goes to db through Toxiproxy'],
    [
      'web',
      disturbance('loss', { share: 0.1 }),
      'Toxiproxy loses no packets; the embedded proxy can (control.proxy: embedded)',
    ],
    [
      'web',
      disturbance('http_status'),
      'Toxiproxy does not know HTTP; the embedded proxy can (control.proxy: embedded)',
    ],
    [
      'web',
      disturbance('partition', { from: ['db'] }),
      'Toxiproxy stands between load and nodes, not between nodes; the embedded proxy does between embedded Redis nodes (control.proxy: embedded)',
    ],
    ['web', disturbance('cpu_limit', { cpus: 1 }), 'Toxiproxy can do nothing of the kind'],
  ])('%s, %j: %s', async (node, spec, refusal) => {
    expect(await disturber.refusal(node, spec)).toBe(refusal);
  });

  it('is not prepared either', async () => {
    await expect(disturber.prepare('db', latency, 'm')).rejects.toThrow('no load goes to db');
    await expect(disturber.prepare('web', disturbance('http_abort'), 'm')).rejects.toThrow(
      'does not know HTTP',
    );
  });
});

describe.skipIf(!needs('toxiproxy'))('Toxiproxy as a disturber', () => {
  let server: ToxiproxyServer;
  let passage: Passage;
  let prepared: Json;
  let count = 0;
  beforeAll(async () => {
    server = await ToxiproxyServer.start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    count += 1;
    passage = { at: server.at, proxy: `orch-m${count}-web` };
    await server.proxy(passage.proxy, echoServer());
    prepared = await new ToxiproxyDisturber(new Map([['web', passage]])).prepare('web', latency, '5b1f-f1');
  });

  /** Another process, that knows what the journal has and nothing else. */
  const fresh = () => new ToxiproxyDisturber();
  const look = () => fresh().look('web', latency, prepared);
  const toxics = async () => (await server.api.findProxy(passage.proxy))?.toxics.map(({ name }) => name);

  it('writes down all that undoing takes, and touches nothing meanwhile', async () => {
    expect(prepared).toEqual({
      ...passage,
      toxics: [
        {
          name: '5b1f-f1-downstream',
          type: 'latency',
          stream: 'downstream',
          toxicity: 1,
          attributes: { latency: 100, jitter: 0 },
        },
      ],
    });
    expect(await toxics()).toEqual([]);
  });

  it('shows what was set, takes that away and nothing else, twice if need be', async () => {
    const place = `Toxiproxy at ${server.at}, proxy ${passage.proxy}`;
    const foreign = {
      type: 'latency',
      stream: 'downstream',
      toxicity: 1,
      attributes: { latency: 1, jitter: 0 },
    } as const;
    await server.api.addToxic(passage.proxy, { ...foreign, name: 'theirs' });
    expect(await look()).toEqual({ state: 'absent', evidence: `${place}: no toxic 5b1f-f1-downstream` });
    await fresh().apply('web', latency, prepared);
    expect(await look()).toEqual({
      state: 'present',
      evidence: `${place}: latency 5b1f-f1-downstream on downstream, {"latency":100,"jitter":0}`,
    });
    await fresh().remove('web', latency, prepared);
    await fresh().remove('web', latency, prepared);
    expect((await look()).state).toBe('absent');
    expect(await toxics()).toEqual(['theirs']);
  });

  it('knows one that somebody has changed since, and takes it away', async () => {
    await fresh().apply('web', latency, prepared);
    await fetch(`http://${server.at}/proxies/${passage.proxy}/toxics/5b1f-f1-downstream`, {
      method: 'POST',
      body: JSON.stringify({ attributes: { latency: 1 } }),
    });
    expect((await look()).state).toBe('partial');
    await fresh().remove('web', latency, prepared);
    expect((await look()).state).toBe('absent');
  });

  it('says partial where one of two is there, and takes both away', async () => {
    const partition = disturbance('partition');
    const both = await new ToxiproxyDisturber(new Map([['web', passage]])).prepare('web', partition, 'p');
    await fresh().apply('web', partition, both);
    expect((await fresh().look('web', partition, both)).state).toBe('present');
    await server.api.removeToxic(passage.proxy, 'p-upstream');
    expect((await fresh().look('web', partition, both)).state).toBe('partial');
    await fresh().remove('web', partition, both);
    expect(await toxics()).toEqual([]);
  });

  it('holds a share to be there as it was set, also one that no binary fraction is', async () => {
    const reset = disturbance('reset', { share: 0.1 });
    const some = await new ToxiproxyDisturber(new Map([['web', passage]])).prepare('web', reset, 'r');
    await fresh().apply('web', reset, some);
    const { state, evidence } = await fresh().look('web', reset, some);
    expect([state, evidence]).toEqual(['present', expect.stringContaining('for a share of 0.1,')]);
  });

  it('finds nothing where the proxy is gone, or the server has ended', async () => {
    await fresh().apply('web', latency, prepared);
    await server.api.removeProxy(passage.proxy);
    expect((await look()).evidence).toContain('it is not there');
    await fresh().remove('web', latency, prepared);
    const other = await ToxiproxyServer.start();
    await other.stop();
    prepared = { ...(prepared as object), at: other.at };
    expect((await look()).state).toBe('absent');
    await fresh().remove('web', latency, prepared);
    await expect(fresh().apply('web', latency, prepared)).rejects.toMatchObject({
      code: 'toxiproxy-unreachable',
    });
  });

  it('cannot go by what is no note of its own', async () => {
    await expect(fresh().look('web', latency, { marker: 'm' })).rejects.toThrow('is not whole');
  });
});
