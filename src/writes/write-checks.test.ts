import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../clock/system.ts';
import type { Correctness } from '../model/correctness.ts';
import type { Manifest } from '../model/manifest.ts';
import type { NodeSpec } from '../model/node.ts';
import { writeCheckSchema } from '../model/write-check.ts';
import type { LedgerLine } from '../store/ledger-writer.ts';
import { askRedis } from '../target/redis.ts';
import { eventually, freePort, TestNode } from '../target/target.contract.ts';
import { needs } from '../testing/requirements.ts';
import { manifestOf, runOf, temporaryDir } from '../testing/run-files.ts';
import { readBackLate } from './read-back-late.ts';
import { WriteChecks } from './write-checks.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

interface Checked {
  readonly correctness: Correctness;
  readonly ledger: readonly LedgerLine[];
}

interface Meanwhile {
  readonly readFrom?: readonly NodeSpec[];
  /** Carried out between writing and reading back. */
  readonly meanwhile?: () => unknown;
  /** Ends the reading back. */
  readonly stop?: AbortSignal;
}

/** Writes for a second, and reads back. */
async function check(
  asked: object,
  nodes: readonly NodeSpec[],
  { readFrom = [], meanwhile = () => {}, stop = new AbortController().signal }: Meanwhile = {},
): Promise<Checked> {
  const written = { target: nodes.map(({ name }) => name), rps: 100, settle_sec: 0.3, ...asked };
  const { lost_writes } = writeCheckSchema.parse({ lost_writes: written });
  const ledger: LedgerLine[] = [];
  const checks = await WriteChecks.open({
    checks: [{ name: 'tokens', nodes, readFrom, asked: lost_writes }],
    runId: 'run',
    clock: systemClock,
    startMs: systemClock.now(),
    record: (line) => ledger.push(line),
    keepsRequests: true,
  });
  if (checks === null) throw new Error('there are no checks');
  closers.push(() => checks.close());
  checks.begin();
  await new Promise((resolve) => {
    setTimeout(resolve, 1000);
  });
  await checks.end();
  await meanwhile();
  return { correctness: await checks.readBack(stop), ledger };
}

const numberOf = (token: string) => Number(token.split('.').at(-1));
const written = (ledger: readonly LedgerLine[], outcome: string) =>
  ledger.flatMap((line) => (line.type === 'write' && line.outcome === outcome ? [numberOf(line.token)] : []));
const lost = (ledger: readonly LedgerLine[]) =>
  ledger.flatMap((line) => (line.type === 'read_back' && line.times === 0 ? [numberOf(line.token)] : []));

/** A service that keeps tokens in a list, but for what its script says of a token's number. */
async function service(script: (number: number) => string): Promise<NodeSpec> {
  const kept = new Map<string, { times: number; hiddenReads: number }>();
  const keep = (token: string, times = 1, hiddenReads = 0) => kept.set(token, { times, hiddenReads });
  const store = (token: string, response: ServerResponse) => {
    const does = script(numberOf(token));
    if (does === 'lose') return response.writeHead(201).end();
    if (does === 'refuse') return response.writeHead(409).end();
    if (does === 'break after') {
      keep(token);
      return response.destroy();
    }
    if (does === 'fail before') return response.writeHead(503).end();
    if (does === 'silence') return keep(token);
    keep(token, does === 'double' ? 2 : 1, does === 'late' ? 1 : 0);
    return response.writeHead(201).end();
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'POST') {
      const { id } = JSON.parse((await request.toArray()).join('')) as { id: string };
      return store(id, response);
    }
    const token = (request.url ?? '').split('/').at(-1) ?? '';
    const entry = kept.get(token) ?? { times: 0, hiddenReads: 0 };
    entry.hiddenReads -= 1;
    const found = Array.from({ length: entry.hiddenReads >= 0 ? 0 : entry.times }, () => ({ id: token }));
    return response.end(JSON.stringify({ found }));
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { name: 'orders', kind: 'http', url: `http://127.0.0.1:${port}/api/`, managed: false };
}

const http = {
  write: { path: '/orders', body: { id: '{{token}}' } },
  read: { path: '/orders/{{token}}', count: '$.found[*]' },
};

describe('writes over HTTP', () => {
  test('are read back by another process, by their ledger alone', async () => {
    const node = await service((number) => ['', 'lose', 'late', 'refuse'][number % 4] ?? '');
    const { correctness, ledger } = await check({ http, rps: 50 }, [node]);
    const lines = ledger.filter(({ type }) => type !== 'read_back');
    const dir = await runOf({});
    await writeFile(
      dir.writes,
      lines
        .map((line) => `${JSON.stringify(line)}\n`)
        .join('')
        .slice(0, -1),
    );
    const manifest = JSON.parse(
      manifestOf({ driver: { name: 'none', reason: '' }, nodes: [node] }),
    ) as Manifest;
    const late = await readBackLate({ dir, manifest, clock: systemClock });
    // Of what was seen at the time, all is known but when.
    const { examples: of, ...found } = correctness.checks[0]!;
    const stale_reads = of.stale_reads.map((one) => ({ ...one, seen: 'orders did not have it' }));
    const examples = { ...of, stale_reads };
    expect(late).toEqual({ correctness: { ...correctness, checks: [{ ...found, examples }] } });
    expect(found.lost).toBeGreaterThan(5);
    expect(found.stale_reads).toBeGreaterThan(5);
    const added = (await readFile(dir.writes, 'utf8')).match(/"type":"read_back"/g);
    expect(added).toHaveLength(ledger.length - lines.length);
  });

  test('are found lost, doubled and stale exactly where the service made them so', async () => {
    const script = ['', 'lose', 'double', 'late', 'refuse', 'break after', 'fail before', 'silence', '', ''];
    const node = await service((number) => script[number % 10] ?? '');
    const { correctness, ledger } = await check({ http, rps: 50, timeout_sec: 0.5 }, [node]);
    const [found] = correctness.checks;
    if (found === undefined) throw new Error('nothing was checked');
    const ending = (digit: number) => (number: number) => number % 10 === digit;
    const all = (outcome: string) => written(ledger, outcome);
    expect(found.acknowledged + found.indeterminate + found.refused + found.skipped).toBeGreaterThan(25);
    expect(all('refused').every(ending(4))).toBe(true);
    // A connection that breaks, a 503 and silence say nothing of whether it was done: twice it was.
    expect(new Set(all('indeterminate').map((number) => number % 10))).toEqual(new Set([5, 6, 7]));
    const twice = all('indeterminate').filter((number) => !ending(6)(number));
    expect(found.indeterminate_there).toBe(twice.length);
    const lostOnes = all('acknowledged').filter(ending(1));
    expect(lostOnes.length).toBeGreaterThan(1);
    expect(correctness.lost_writes).toBe(lostOnes.length);
    expect(correctness.duplicates).toBe(all('acknowledged').filter(ending(2)).length);
    // What is lost was not there for the read that followed either; what came late is not lost.
    expect(correctness.stale_reads).toBe(lostOnes.length + all('acknowledged').filter(ending(3)).length);
    expect(found.examples.lost[0]).toMatchObject({
      node: 'orders',
      seen: 'orders does not have it',
      token: expect.stringMatching(/^run\.1\.\d*1$/),
    });
    expect(found.examples.duplicates[0]?.seen).toBe('orders has it 2 times');
    expect(found.unread).toBe(0);
  });

  test('are read by what stands in the body, and doubles are not known then', async () => {
    const node = await service((number) => (number % 2 === 0 ? 'lose' : ''));
    const read = { path: '/orders/{{token}}', contains: '"id":"{{token}}"' };
    const { correctness, ledger } = await check({ http: { ...http, read } }, [node]);
    expect(correctness.duplicates).toBeNull();
    expect(correctness.lost_writes).toBe(
      written(ledger, 'acknowledged').filter((number) => number % 2 === 0).length,
    );
  });
});

describe.skipIf(!needs('redis'))('writes to Redis', () => {
  const settings = ['--bind', '127.0.0.1', '--save', '', '--repl-diskless-sync-delay', '0'];
  async function redis(name: string): Promise<NodeSpec & { readonly node: TestNode }> {
    const port = await freePort();
    // What a replica is sent goes to a file.
    const directory = await temporaryDir();
    const node = new TestNode(
      {
        kind: 'redis',
        nodeCommand: (at) => ['redis-server', '--port', String(at), '--dir', directory, ...settings],
      },
      port,
    );
    closers.push(() => node.kill());
    await node.start();
    return { name, kind: 'redis', url: `redis://127.0.0.1:${port}`, managed: false, node };
  }
  const ask = ({ url }: NodeSpec, ...command: string[]) => askRedis(url, command, AbortSignal.timeout(5000));

  test('are found lost and doubled where somebody made them so, and nothing is left behind', async () => {
    const node = await redis('primary');
    const meanwhile = async () => {
      expect(await ask(node, 'HDEL', 'orch:writes:run.1:7', 'run.1.7')).toBe(1);
      expect(await ask(node, 'HINCRBY', 'orch:writes:run.1:8', 'run.1.8', '1')).toBe(2);
    };
    const { correctness, ledger } = await check({}, [node], { meanwhile });
    expect(correctness).toMatchObject({ lost_writes: 1, duplicates: 1, stale_reads: 0 });
    expect(lost(ledger)).toEqual([7]);
    expect(await ask(node, 'KEYS', '*')).toEqual([]);
  });

  test('are stale for one who reads elsewhere, and not acknowledged where a replica must have them', async () => {
    const [node, other] = [await redis('primary'), await redis('other')];
    const { correctness } = await check({}, [node], { readFrom: [other] });
    expect(correctness.lost_writes).toBe(0);
    expect(correctness.stale_reads).toBe(correctness.checks[0]?.acknowledged);
    const waiting = async () => {
      const { correctness: waited } = await check({ wait: 1, timeout_sec: 0.2 }, [node]);
      expect(waited.checks[0]).toMatchObject({ acknowledged: 0, refused: 0, lost: 0 });
      expect(waited.checks[0]?.indeterminate).toBeGreaterThan(10);
      expect(waited.checks[0]?.indeterminate).toBe(waited.checks[0]?.indeterminate_there);
    };
    await waiting();
    // A replica that may be written to refuses to WAIT, and has the write all the same.
    await ask(node, 'CONFIG', 'SET', 'replica-read-only', 'no');
    await ask(node, 'REPLICAOF', '127.0.0.1', new URL(other.url).port);
    await eventually(async () => JSON.stringify(await ask(node, 'ROLE')).includes('"connected"'));
    await waiting();
  });

  test('go where the primary is, and what nobody can read is told as unread', {
    timeout: 60_000,
  }, async () => {
    const [node, replica] = [await redis('primary'), await redis('replica')];
    await ask(replica, 'REPLICAOF', '127.0.0.1', new URL(node.url).port);
    setTimeout(() => void node.node.kill().then(() => ask(replica, 'REPLICAOF', 'NO', 'ONE')), 400);
    const { correctness, ledger } = await check({}, [node, replica]);
    const nodes = ledger.flatMap((line) =>
      line.type === 'write' && line.outcome === 'acknowledged' ? [line.node] : [],
    );
    expect([...new Set(nodes)]).toEqual(['primary', 'replica']);
    expect(correctness.checks[0]).toMatchObject({ read_from: 'replica', unread: 0 });
    expect(correctness.duplicates).toBe(0);

    const unread = await check({}, [replica], {
      meanwhile: () => replica.node.kill(),
      stop: AbortSignal.timeout(2000),
    });
    expect(unread.correctness.lost_writes).toBeNull();
    expect(unread.correctness.checks[0]?.unread).toBeGreaterThan(10);
  });
});
