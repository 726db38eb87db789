import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { execPath } from 'node:process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NodeKind, NodeSpec } from '../model/node.ts';
import { asked } from '../testing/asked.ts';
import { killed } from '../testing/killed.ts';
import type { Target } from './target.ts';

/** What the suite must know of a target to hold it against the contract. */
export interface TargetSubject {
  readonly kind: NodeKind;
  /** Where a process of its own finds the target: the module's URL, the exported factory and its options. */
  readonly module: string;
  readonly factory: string;
  readonly options: unknown;
  /** A target whose operation a node answers at once. */
  readonly create: () => Target;
  /** A target whose operation a node never answers. */
  readonly createHeld: () => Target;
  /** The command line of a node on 127.0.0.1, where so many connections may wait to be accepted. */
  readonly nodeCommand: (port: number, backlog: number) => readonly [string, ...string[]];
}

/** What every target must do. Nodes are real processes: killed with SIGKILL, frozen with SIGSTOP. */
export function targetContract(subject: TargetSubject): void {
  describe(`${subject.kind} target contract`, () => {
    let node: TestNode;
    const targets: Target[] = [];

    async function opened(create: () => Target): Promise<Target> {
      const target = create();
      targets.push(target);
      await target.open([node.spec]);
      return target;
    }
    const invoke = (target: Target, timeoutMs: number) =>
      asked(target, node.spec, target.operation(0, null), timeoutMs);

    beforeEach(async () => {
      node = new TestNode(subject, await freePort());
      await node.start();
    });
    afterEach(async () => {
      await Promise.all(targets.splice(0).map((target) => target.close()));
      await node.kill();
    });

    test('an answered request is ok', async () => {
      const target = await opened(subject.create);
      const reply = await invoke(target, 5000);
      expect(reply).toMatchObject({ outcome: 'ok', error: '' });
      expect(target.kind).toBe(subject.kind);
    });

    test('a node that does not listen fails at once', async () => {
      await node.kill();
      const target = await opened(subject.create);
      const { reply, tookMs } = await timed(() => invoke(target, 20_000));
      expect(reply).toEqual({ outcome: 'fail', status: 0, error: 'ECONNREFUSED' });
      expect(tookMs).toBeLessThan(5000);
    });

    test('a node that hangs is unknown once the timeout has passed, not before', async () => {
      const target = await opened(subject.create);
      node.freeze();
      const all = await Promise.all(
        [50, 200, 350].map((timeoutMs) => timed(() => invoke(target, timeoutMs))),
      );
      for (const [index, atLeastMs] of [50, 200, 350].entries()) {
        expect(all[index]?.reply).toEqual({ outcome: 'unknown', status: 0, error: 'timeout' });
        expect(all[index]?.tookMs).toBeGreaterThanOrEqual(atLeastMs);
        expect(all[index]?.tookMs).toBeLessThan(atLeastMs + 5000);
      }
    });

    test('a node that went on after hanging serves again, each request with an outcome of its own', async () => {
      const target = await opened(subject.create);
      node.freeze();
      const during = await Promise.all(Array.from({ length: 50 }, () => invoke(target, 100)));
      expect(new Set(during.map(({ outcome }) => outcome))).toEqual(new Set(['unknown']));
      node.thaw();
      await eventually(async () => (await invoke(target, 1000)).outcome === 'ok');
      const after = await Promise.all(Array.from({ length: 50 }, () => invoke(target, 5000)));
      expect(new Set(after.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
    });

    test('a request in flight fails when its node is killed', async () => {
      const target = await opened(subject.createHeld);
      const pending = invoke(target, 60_000);
      // When a later request has waited in vain, the first one has long been sent.
      expect((await invoke(target, 200)).outcome).toBe('unknown');
      await node.kill();
      const reply = await pending;
      expect(reply.outcome).toBe('fail');
      expect(['connection_closed', 'ECONNRESET']).toContain(reply.error);
    });

    test('a node that was killed and started again serves again', async () => {
      const target = await opened(subject.create);
      expect((await invoke(target, 5000)).outcome).toBe('ok');
      await node.kill();
      await eventually(async () => (await invoke(target, 5000)).error === 'ECONNREFUSED');
      await node.start();
      await eventually(async () => (await invoke(target, 5000)).outcome === 'ok');
      const after = await Promise.all(Array.from({ length: 20 }, () => invoke(target, 5000)));
      expect(new Set(after.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
    });

    test('a probe tells a node that answers from one that hangs and from one that is gone', async () => {
      const target = subject.create();
      targets.push(target);
      expect(await target.probe(node.spec, 5000)).toBeNull();
      node.freeze();
      expect(await target.probe(node.spec, 200)).toBe('timeout');
      node.thaw();
      await eventually(async () => (await target.probe(node.spec, 1000)) === null);
      await node.kill();
      expect(await target.probe(node.spec, 20_000)).toBe('ECONNREFUSED');
    });

    test('opening neither rejects nor waits long for nodes that hang or are gone', async () => {
      node.freeze();
      const gone = { ...node.spec, url: `${subject.kind}://127.0.0.1:${await freePort()}` };
      const target = subject.create();
      targets.push(target);
      const { tookMs } = await timed(() => target.open([node.spec, gone]));
      expect(tookMs).toBeLessThan(10_000);
    });

    test('closing fails what is in flight, and everything after', async () => {
      const target = await opened(subject.createHeld);
      const pending = invoke(target, 60_000);
      expect((await invoke(target, 100)).outcome).toBe('unknown');
      await target.close();
      expect(await pending).toEqual({ outcome: 'fail', status: 0, error: 'connection_closed' });
      expect(await invoke(target, 60_000)).toEqual({ outcome: 'fail', status: 0, error: 'not_connected' });
      await target.close();
    });

    test('a process that closed its target ends by itself, though the node hangs', async () => {
      await node.kill();
      await node.start(1);
      const gone = await freePort();
      const script = `
        const { ${subject.factory}: create } = await import(${JSON.stringify(subject.module)});
        const target = create(${JSON.stringify(subject.options)});
        const node = ${JSON.stringify(node.spec)};
        const gone = { ...node, url: '${subject.kind}://127.0.0.1:${gone}' };
        const asked = (to, ms) =>
          new Promise((settle) => target.invoke(to, target.operation(0, null), ms, 0, { settle }));
        const invoke = async (to, ms) => (await asked(to, ms)).outcome;
        await target.open([node, gone]);
        const seen = [await invoke(node, 5000), await invoke(gone, 5000), await target.probe(node, 5000)];
        process.kill(${node.pid}, 'SIGSTOP');
        seen.push(await invoke(node, 100), await target.probe(node, 100));
        // More than may wait to be accepted, so that attempts to connect hang as well.
        const hanging = Array.from({ length: 10 }, () => invoke(node, 60000));
        seen.push(await target.probe(node, 100));
        await target.close();
        for (const reply of hanging) await reply;
        console.log(JSON.stringify(seen));`;
      const { stdout } = await promisify(execFile)(execPath, ['--input-type=module', '-e', script], {
        timeout: 20_000,
      });
      expect(JSON.parse(stdout)).toEqual(['ok', 'fail', null, 'unknown', 'timeout', 'timeout']);
    });
  });
}

/** A node in a process of its own. */
export class TestNode {
  readonly spec: NodeSpec;
  readonly #port: number;
  readonly #command: TargetSubject['nodeCommand'];
  #child: ChildProcess | undefined;

  constructor({ kind, nodeCommand }: Pick<TargetSubject, 'kind' | 'nodeCommand'>, port: number) {
    this.#port = port;
    this.#command = nodeCommand;
    this.spec = { name: 'node-under-test', kind, url: `${kind}://127.0.0.1:${port}`, managed: false };
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(backlog = 511): Promise<void> {
    const [file, ...args] = this.#command(this.#port, backlog);
    this.#child = spawn(file, args, { stdio: 'ignore' });
    await eventually(() => accepts(this.#port));
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await killed(child);
  }
}

async function timed<T>(act: () => Promise<T>): Promise<{ reply: T; tookMs: number }> {
  const startMs = performance.now();
  const reply = await act();
  return { reply, tookMs: performance.now() - startMs };
}

/** Asks until the answer is yes, for 15 s at most. */
export async function eventually(ask: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 15_000;
  while (!(await ask())) {
    if (performance.now() > endMs) throw new Error('it did not come about within 15 s');
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
