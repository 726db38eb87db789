import { describe, expect, it } from 'vitest';
import type { InspectedContainer } from '../engine.ts';
import { partitionBodies } from './address-rules.ts';
import { questionsFor } from './dns-name.ts';
import { additions, expectedCount, ownRules, removals } from './firewall-text.ts';
import { iptablesMeans } from './iptables-means.ts';
import { markOf } from './mark.ts';
import { netemOf, qdiscMeans, tbfOf } from './qdisc-means.ts';

const self: InspectedContainer = {
  id: '1f2e',
  state: 'running',
  startedAt: '',
  evidence: '',
  usesHostNetwork: false,
  published: [],
  pid: 1,
  networkOf: null,
  limits: { nanoCpus: 0, cpuPeriod: 0, cpuQuota: 0, memory: 0, memorySwap: 0 },
  networks: [{ address: '172.18.0.2', prefixLength: 16, gateway: '172.18.0.1' }],
};
/** As iproute2 6.1 prints them: one root that the kernel attached, and one with classes below it. */
const plain = [
  { kind: 'noqueue', handle: '0:', dev: 'lo', root: true, refcnt: 2, options: {} },
  { kind: 'noqueue', handle: '0:', dev: 'eth0', root: true, refcnt: 2, options: {} },
  { kind: 'mq', handle: '0:', dev: 'eth1', root: true, options: {} },
  { kind: 'fq_codel', handle: '0:', dev: 'eth1', parent: ':1', options: { limit: 10240 } },
  { kind: 'noop', handle: '0:', dev: 'tunl0', root: true, options: {} },
];
const netem = qdiscMeans('netem', ['latency', 'loss'], netemOf);
const marker = 'run-1-f2';
const { handle } = markOf(marker);
const latency = { kind: 'latency', latency_ms: 100, jitter_ms: 10 } as const;
const sceneOf = (listed: unknown) => ({ self, peers: [], listed: JSON.stringify(listed) });
/** What there is once netem is on these interfaces. */
const netemOn = (devices: readonly string[], as = handle) =>
  JSON.stringify(
    plain.map((qdisc) =>
      devices.includes(qdisc.dev) && qdisc.root === true
        ? {
            ...qdisc,
            kind: 'netem',
            handle: `${as}:`,
            options: { limit: 1000, delay: { delay: 0.1, jitter: 0.01, correlation: 0 }, ecn: false, gap: 0 },
          }
        : qdisc,
    ),
  );

describe('a mark', () => {
  it('is the same for the same marker, and keeps to what the kernel takes', () => {
    for (let n = 0; n < 2000; n += 1) {
      const mark = markOf(`marker-${n}`);
      expect(mark).toEqual(markOf(`marker-${n}`));
      expect(parseInt(mark.handle, 16)).toBeGreaterThan(0);
      expect(parseInt(mark.handle, 16)).toBeLessThan(0x8000);
      expect(`${mark.chain}-i`.length).toBeLessThanOrEqual(28);
      expect(Number(mark.spared)).toBeGreaterThan(0);
      expect(Number(mark.chosen)).toBe(Number(mark.spared) + 1);
      expect(Number(mark.chosen)).toBeLessThanOrEqual(0xffffffff);
    }
    expect(markOf('marker-1').chain).not.toBe(markOf('marker-11').chain);
  });
});

describe('netem', () => {
  const planned = netem.plan(latency, marker, sceneOf(plain));

  it('goes on every interface but loopback and those that are down', () => {
    expect(netem.applying(planned)).toBe(
      `tc qdisc add dev eth0 root handle ${handle}: netem limit 100000 delay 100ms 10ms && tc qdisc add dev eth1 root handle ${handle}: netem limit 100000 delay 100ms 10ms`,
    );
    expect(netem.rehearsal(planned)).toBe(
      `tc qdisc add dev lo root handle ${handle}: netem limit 100000 delay 100ms 10ms`,
    );
    expect(netemOf({ kind: 'loss', share: 0.1 })).toBe('netem limit 100000 loss 10.000000%');
  });

  it('reads what tc lists', () => {
    const trace = (listed: string) => netem.trace(planned, listed);
    expect(trace(netemOn(['eth0', 'eth1']))).toEqual({
      state: 'present',
      found: expect.stringContaining(`netem ${handle}: on eth0 {"limit":1000,"delay":{"delay":0.1`),
    });
    expect(trace(netemOn(['eth1'])).state).toBe('partial');
    expect(trace(JSON.stringify(plain))).toEqual({ state: 'absent', found: `no qdisc ${handle}:` });
    expect(trace(netemOn(['eth0'], '77'))).toMatchObject({ state: 'foreign' });
    expect(trace('[]').state).toBe('absent');
  });

  it('takes away only what has its handle', () => {
    expect(netem.removing(planned, netemOn(['eth1']))).toBe(`tc qdisc del dev eth1 root handle ${handle}:`);
    expect(netem.removing(planned, netemOn(['eth0'], '77'))).toBeNull();
    expect(netem.removing(planned, JSON.stringify(plain))).toBeNull();
  });

  it('refuses another’s root qdisc, and a namespace without an interface', () => {
    const foreign = sceneOf(JSON.parse(netemOn(['eth0'], '8001')));
    expect(() => netem.plan(latency, marker, foreign)).toThrow(
      'a root qdisc is there already, and is not touched: qdisc netem 8001: on eth0',
    );
    expect(() => netem.plan(latency, marker, sceneOf(plain.slice(0, 1)))).toThrow('no network interface');
  });
});

describe('tbf', () => {
  it('has a bucket of 10 ms, and of two packets at least', () => {
    expect(tbfOf({ kind: 'bandwidth', rate_kbit: 100_000 })).toBe(
      'tbf rate 100000000bit burst 125000 latency 200ms',
    );
    expect(tbfOf({ kind: 'bandwidth', rate_kbit: 0.5 })).toBe('tbf rate 500bit burst 3200 latency 200ms');
  });
});

describe('iptables', () => {
  const chains = { chain: 'orch-abc', comment: 'orch-run-1' };
  const rules = { tool: 'iptables', input: ['-i lo -j RETURN', '-j DROP'], output: [] } as const;

  it('adds chains of its own, and only where there are rules', () => {
    expect(additions(rules, chains)).toBe(`*filter
:orch-abc-i - [0:0]
-A orch-abc-i -m comment --comment orch-run-1 -i lo -j RETURN
-A orch-abc-i -m comment --comment orch-run-1 -j DROP
-I INPUT -m comment --comment orch-run-1 -j orch-abc-i
COMMIT
`);
    expect(expectedCount(rules)).toBe(3);
  });

  it('knows its own by the whole comment and the whole name, quoted or not', () => {
    const saved = `*filter
:INPUT ACCEPT [0:0]
:orch-abc-i - [0:0]
:orch-abcd-i - [0:0]
-A INPUT -m comment --comment orch-run-1 -j orch-abc-i
-A INPUT -m comment --comment orch-run-11 -j orch-abcd-i
-A INPUT -s 10.0.0.1/32 -m comment --comment "orch-run-1 of another" -j DROP
-A orch-abc-i -m comment --comment "orch-run-1" -j DROP
COMMIT
`;
    const own = ownRules(saved, chains);
    expect(own.chains).toEqual(['orch-abc-i']);
    expect(own.rules).toHaveLength(2);
    expect(removals(own)).toBe(`*filter
-D INPUT -m comment --comment orch-run-1 -j orch-abc-i
-F orch-abc-i
-X orch-abc-i
COMMIT
`);
    expect(removals(ownRules('', chains))).toBeNull();
  });

  it('refuses a second one that marks connections, as there is one mark of each', () => {
    const listed =
      '== iptables v1.8.9 (nf_tables)\n*mangle\n-A PREROUTING -j CONNMARK --restore-mark\nCOMMIT\n';
    const plan = (share: number) =>
      iptablesMeans.plan({ kind: 'black_hole', share }, marker, { self, peers: [], listed });
    expect(() => plan(0.5)).toThrow('-A PREROUTING -j CONNMARK --restore-mark');
    expect(() => plan(1)).not.toThrow();
  });

  it('says nothing of rules that the other kind of iptables made', () => {
    const spec = { kind: 'loss', share: 0.1 } as const;
    const plan = (listed: string) => iptablesMeans.plan(spec, marker, { self, peers: [], listed });
    const [old, newer] = ['== iptables v1.6.1\n', '== iptables v1.8.9 (nf_tables)\n'];
    expect(iptablesMeans.trace(plan(newer), newer).state).toBe('absent');
    expect(iptablesMeans.trace(plan(old), '== iptables v1.8.9 (legacy)\n').state).toBe('absent');
    expect(() => iptablesMeans.trace(plan(old), newer)).toThrow(
      'made by iptables (legacy), which are not seen',
    );
    expect(() => iptablesMeans.removing(plan(newer), old)).toThrow('not seen by iptables v1.6.1');
    expect(() => iptablesMeans.trace(plan(newer), '')).toThrow('not seen by none');
  });

  it('has rules for IPv6 where the node has such an address, and spares what finds its neighbours', () => {
    const six = { address: 'fd00::2', prefixLength: 64, gateway: 'fd00::1' };
    const both = { ...self, networks: [...self.networks, six] };
    const spec = { kind: 'partition', from: 'clients', direction: 'in' } as const;
    const tools = (of: InspectedContainer) =>
      iptablesMeans.plan(spec, marker, { self: of, peers: [], listed: '' }).families.map(({ tool }) => tool);
    expect(tools(self)).toEqual(['iptables']);
    expect(tools(both)).toEqual(['iptables', 'ip6tables']);
    expect(partitionBodies(spec, 'ip6tables', both, []).input).toEqual([
      '-i lo -j RETURN',
      '-s fd00::1 -j DROP',
      '-s fd00::2/64 -j RETURN',
      '-s fe80::/10 -j RETURN',
      '-s ::/128 -j RETURN',
      '-j DROP',
    ]);
  });

  it('knows a DNS question by its counts and its name', () => {
    const name = '0264620473686f7000';
    expect(questionsFor('db.shop.')).toEqual([`0001000000000000${name}`, `0001000000000001${name}`]);
    for (const name of ['', '.', 'a..b', 'x'.repeat(64), 'a b']) {
      expect(() => questionsFor(name), name).toThrow('cannot be looked up by DNS');
    }
    expect(() => questionsFor(Array(4).fill('x'.repeat(40)).join('.'))).toThrow('too long');
  });
});
