import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OrchError } from '../../model/errors.ts';
import type { NodeSpec } from '../../model/node.ts';
import { askRedis } from '../../target/redis.ts';
import { needs } from '../../testing/requirements.ts';
import type { Driver } from '../driver.ts';
import { answerOf, until } from '../driver.contract.ts';
import { addressLock, takeLock } from '../lock.ts';
import { freePort } from '../ports.ts';
import { createProcessDriver, type ProcessOptions } from './process.ts';

describe('process driver', () => {
  let directory: string;
  let drivers: Driver[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'orch-process-'));
    drivers = [];
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const driver of drivers) await driver.close();
    rmSync(directory, { recursive: true });
  });

  function driverWith(options: Partial<ProcessOptions> = {}): Driver {
    const driver = createProcessDriver({
      searchPath: process.env['PATH'],
      directory: join(directory, `nodes-${drivers.length}`),
      ...options,
    });
    drivers.push(driver);
    return driver;
  }

  it('leaves a port alone that another run has taken its node down on: it wants to come back there', async () => {
    const port = await freePort();
    const node: NodeSpec = { name: 'web', kind: 'http', url: `http://127.0.0.1:${port}`, managed: true };
    const owner = { role: 'run', pid: process.pid, run_id: 'other' } as const;
    const { lock } = await takeLock(addressLock(`http://localhost:${port}/`), owner);
    const [elsewhere] = await driverWith().open([node]);
    expect(new URL(elsewhere?.url ?? '').port).not.toBe(String(port));
    await lock?.release();
    const [there] = await driverWith().open([node]);
    expect(there?.url).toBe(node.url);
  });

  /** A program in place of the demo service. */
  function entry(text: string): string {
    const path = join(directory, 'entry.cjs');
    writeFileSync(path, text);
    return path;
  }

  const nodeAt = (port: number, name = 'node-1', kind: NodeSpec['kind'] = 'http'): NodeSpec => ({
    name,
    kind,
    url: `${kind}://127.0.0.1:${port}`,
    managed: true,
  });
  const failure = (opening: Promise<unknown>): Promise<OrchError> =>
    opening.then(
      () => expect.fail('it opened'),
      (error: OrchError) => error,
    );

  it.skipIf(!needs('redis'))(
    'has a Redis node replicate another, on whatever port that is, and again in its next life',
    async () => {
      const taken = await freePort();
      const squatter = createServer().listen(taken, '127.0.0.1');
      await once(squatter, 'listening');
      const driver = driverWith();
      const replica = { ...nodeAt(await freePort(), 'cache-2', 'redis'), replicaOf: 'cache-1' };
      const [second, first] = await driver.open([replica, nodeAt(taken, 'cache-1', 'redis')]);
      squatter.close();
      if (first === undefined || second === undefined) return expect.fail('it did not open them');
      expect(first.url).not.toContain(String(taken));
      const { port } = new URL(first.url);
      const follows = async () => {
        const reply = await askRedis(second.url, ['ROLE'], AbortSignal.timeout(1000)).catch(() => []);
        return JSON.stringify(reply).includes(`"slave","127.0.0.1",${port},"connected"`);
      };
      await until(follows, 'the replica to follow its primary');
      await driver.kill('cache-2', 'crash');
      await driver.start('cache-2');
      await until(follows, 'the replica to follow its primary');
    },
  );

  it.skipIf(!needs('redis'))(
    'tells a replica that its primary is where it is to reach it, and again in its next life',
    async () => {
      const driver = driverWith();
      const ports: number[] = [];
      const wayTo = (from: NodeSpec, to: NodeSpec) => {
        ports.push(Number(new URL(to.url).port));
        expect([from.name, to.name]).toEqual(['cache-2', 'cache-1']);
        return Promise.resolve({ host: '127.0.0.1', port: way });
      };
      const way = await freePort();
      const usual = await freePort();
      const replica = { ...nodeAt(await freePort(), 'cache-2', 'redis'), replicaOf: 'cache-1' };
      const [second] = await driver.open([replica, nodeAt(usual, 'cache-1', 'redis')], wayTo);
      const told = async () => {
        const reply = await askRedis(second?.url ?? '', ['ROLE'], AbortSignal.timeout(1000)).catch(() => []);
        return JSON.stringify(reply).startsWith(`["slave","127.0.0.1",${way},`);
      };
      await until(told, 'the replica to look there');
      await driver.kill('cache-2', 'crash');
      await driver.start('cache-2');
      await until(told, 'the replica to look there');
      expect(ports).toEqual([usual]);
    },
  );

  it('takes the usual port where it is free, and another where it is not', async () => {
    const [free, taken] = [await freePort(), await freePort()];
    const squatter = createServer().listen(taken, '127.0.0.1');
    await once(squatter, 'listening');
    const nodes = [nodeAt(free, 'a'), nodeAt(free, 'b'), nodeAt(taken, 'c')];
    const opened = await driverWith().open(nodes);
    expect(opened[0]).toEqual(nodes[0]);
    expect(new Set(opened.map(({ url }) => url)).size).toBe(3);
    expect(opened[2]?.url).not.toBe(nodes[2]?.url);
    for (const node of opened) expect(await answerOf(node, 5000)).toBe('answers');
    squatter.close();
  });

  it.skipIf(!needs('redis'))('keeps the database of a Redis address, and drops its password', async () => {
    const port = await freePort();
    const url = `redis://:secret@localhost:${port}/3`;
    const [opened] = await driverWith().open([{ ...nodeAt(port, 'r', 'redis'), url }]);
    expect(opened?.url).toBe(`redis://127.0.0.1:${port}/3`);
  });

  it('asks for a redis-server only for Redis nodes, and says how to get one', async () => {
    const options = { searchPath: directory };
    const [http] = await driverWith(options).open([nodeAt(await freePort())]);
    expect(http && (await answerOf(http, 5000))).toBe('answers');
    const error = await failure(driverWith(options).open([nodeAt(await freePort(), 'r', 'redis')]));
    expect(error).toMatchObject({ code: 'redis-server-missing', exit: 104 });
    expect(error.message).toContain('no redis-server is on PATH');
    expect(error.hint).toMatch(
      /apt-get install redis-server.*brew install redis.*control\.process\.redis_server/,
    );
    const configured = driverWith({ redisServer: directory });
    expect((await failure(configured.open([nodeAt(1, 'r', 'redis')]))).message).toContain(
      `${directory} is not a program`,
    );
  });

  it('refuses to stand in for a node of another machine', async () => {
    const error = await failure(driverWith().open([{ ...nodeAt(80), url: 'http://shop.example:80' }]));
    expect(error).toMatchObject({ code: 'driver-unavailable' });
    expect(error.message).toContain('node-1 is configured at shop.example');
  });

  it('fails with the node’s own words when one ends early, and ends the others', async () => {
    const serviceEntry = entry(`
      const { existsSync, writeFileSync } = require('fs');
      const started = ${JSON.stringify(join(directory, 'started'))};
      if (process.env.NODE_NAME === 'good') {
        writeFileSync(started, '');
        require('net').createServer().listen(process.env.PORT, '127.0.0.1', () => console.log('good listening on it'));
      } else setInterval(() => {
        if (!existsSync(started)) return;
        console.error('bad: no cheese in the larder');
        process.exit(7);
      }, 10);
    `);
    const nodes = [nodeAt(await freePort(), 'good'), nodeAt(await freePort(), 'bad')];
    const error = await failure(driverWith({ serviceEntry }).open(nodes));
    expect(error).toMatchObject({
      code: 'node-not-serving',
      message: 'embedded node bad ended before it was ready: bad: no cheese in the larder',
    });
    expect(childrenOfMine()).toEqual([]);
  });

  it('sends SIGKILL to a node that outstays its grace', async () => {
    const serviceEntry = entry(`
      process.on('SIGTERM', () => {});
      require('net').createServer().listen(process.env.PORT, '127.0.0.1', () => console.log('x listening on it'));
    `);
    const driver = driverWith({ serviceEntry });
    await driver.open([nodeAt(await freePort())]);
    await driver.stop('node-1', 200);
    expect(await driver.observe('node-1')).toMatchObject({
      state: 'stopped',
      evidence: expect.stringMatching(/^pid \d+ is gone: SIGKILL$/),
    });
  });

  it('sees a node that ends by itself, and starts it again', async () => {
    const driver = driverWith();
    const [node] = await driver.open([nodeAt(await freePort())]);
    const before = await driver.observe('node-1');
    process.kill(Number.parseInt(before.incarnation, 10), 'SIGABRT');
    await until(
      async () => (await driver.observe('node-1')).evidence.endsWith('is gone: SIGABRT'),
      'the crash to be seen',
    );
    expect((await driver.observe('node-1')).state).toBe('stopped');
    await driver.start('node-1');
    await until(async () => node !== undefined && (await answerOf(node)) === 'answers', 'the node to answer');
  });

  it('does not start a node whose port was taken while it was down', async () => {
    const driver = driverWith();
    const port = await freePort();
    await driver.open([nodeAt(port)]);
    await driver.kill('node-1');
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    await expect(driver.start('node-1')).rejects.toThrow(`its port ${port} was taken by another process`);
    squatter.close();
  });

  it('starts nodes in sessions of their own, where a Ctrl-C of ours does not reach them', async () => {
    const driver = driverWith();
    await driver.open([nodeAt(await freePort())]);
    const pid = Number.parseInt((await driver.observe('node-1')).incarnation, 10);
    const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' });
    expect(Number(group)).toBe(pid);
  });

  it.skipIf(!existsSync('/proc/self/environ'))('hands none of its environment to the nodes', async () => {
    vi.stubEnv('GROQ_API_KEY', 'not-for-nodes');
    const driver = driverWith();
    await driver.open([nodeAt(await freePort())]);
    const pid = Number.parseInt((await driver.observe('node-1')).incarnation, 10);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('not-for-nodes');
  });

  it.skipIf(!needs('redis'))(
    'leaves neither processes nor directories, whatever state the nodes are in',
    async () => {
      const homes = join(directory, 'homes');
      const driver = driverWith({ directory: homes });
      const names = ['runs', 'paused', 'killed'];
      await driver.open(
        await Promise.all(names.map(async (name) => nodeAt(await freePort(), name, 'redis'))),
      );
      expect(readdirSync(homes).sort()).toEqual(['killed', 'paused', 'runs']);
      await driver.pause('paused');
      await driver.kill('killed');
      expect(childrenOfMine()).not.toEqual([]);
      await driver.close();
      expect(existsSync(homes)).toBe(false);
      expect(childrenOfMine()).toEqual([]);
      await expect(driver.start('killed')).rejects.toThrow('the process driver is closed');
    },
  );

  it('can be closed while it opens', async () => {
    const driver = driverWith();
    const opening = failure(driver.open([nodeAt(await freePort(), 'a'), nodeAt(await freePort(), 'b')]));
    await until(() => childrenOfMine().length > 1, 'a node to be started');
    await driver.close();
    await opening;
    expect(childrenOfMine()).toEqual([]);
  });
});

/** Node and redis-server processes whose parent is this one. */
function childrenOfMine(): string[] {
  return execFileSync('ps', ['-e', '-o', 'ppid=', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter(
      (line) => Number.parseInt(line, 10) === process.pid && /demo\/main|redis-server|entry/.test(line),
    );
}
