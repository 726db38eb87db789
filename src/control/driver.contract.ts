import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeSpec } from '../model/node.ts';
import type { Driver, NodeState } from './driver.ts';
import type { Power } from './powers.ts';

/** A driver and one real node for it, not yet opened. */
export interface Rig {
  readonly driver: Driver;
  readonly node: NodeSpec;
  /** Whether the node goes on when the driver is closed. */
  readonly outlivesDriver: boolean;
  cleanUp(): Promise<void>;
}

/**
 * What every driver owes. Each test begins with the node running, whatever the one before left behind.
 * @param canCrash Whether this machine lets the driver signal the node's process itself.
 */
export function driverContract(makeRig: () => Promise<Rig>, canCrash: boolean): void {
  const stranger: NodeSpec = { name: '192.0.2.1:80', kind: 'http', url: 'http://192.0.2.1', managed: false };
  let rig: Rig;
  let driver: Driver;
  let node: NodeSpec;
  let opened: readonly NodeSpec[];

  beforeAll(async () => {
    rig = await makeRig();
    ({ driver } = rig);
    opened = await driver.open([rig.node, stranger]);
    node = opened[0] ?? rig.node;
  });
  afterAll(async () => {
    await driver?.close();
    await rig?.cleanUp();
  });
  beforeEach(async () => {
    const { state } = await driver.observe(node.name);
    if (state === 'stopped') await driver.start(node.name);
    if (state === 'paused') await driver.unpause(node.name);
    await answers();
  });

  const answers = () => until(async () => (await answerOf(node)) === 'answers', `${node.name} to answer`);
  const refuses = () => until(async () => (await answerOf(node)) === 'refuses', `${node.name} to refuse`);
  const incarnation = async () => (await driver.observe(node.name)).incarnation;
  const becomes = (state: NodeState) =>
    until(async () => (await driver.observe(node.name)).state === state, `${node.name} to be ${state}`);

  async function comesBackAnew(before: string): Promise<void> {
    await becomes('stopped');
    await refuses();
    expect(await incarnation()).toBe(before);
    await driver.start(node.name);
    await becomes('running');
    await answers();
    expect(await incarnation()).not.toBe(before);
  }

  async function rejects(power: Power, state: NodeState): Promise<void> {
    const used = power === 'stop' ? driver.stop(node.name, 1000) : driver[power](node.name);
    await expect(used, `${power} in state ${state}`).rejects.toThrow(
      `cannot ${power} ${node.name}: it is ${state} (`,
    );
  }

  it('opens nodes that run and answer, and lets unmanaged ones be', async () => {
    expect(opened).toHaveLength(2);
    expect(opened[0]).toMatchObject({ name: rig.node.name, kind: rig.node.kind, managed: true });
    expect(opened[1]).toEqual(stranger);
    const { state, evidence } = await driver.observe(node.name);
    expect(state).toBe('running');
    expect(evidence).not.toBe('');
  });

  for (const how of ['crash', 'api', undefined] as const) {
    it.skipIf(how === 'crash' && !canCrash)(
      `kills a node (how: ${how ?? 'not said'}), and starts it anew at the same address`,
      async () => {
        const before = await incarnation();
        await driver.kill(node.name, how);
        await comesBackAnew(before);
      },
    );
  }

  it('stops a node within its grace, and starts it anew', async () => {
    const before = await incarnation();
    await driver.stop(node.name, 10_000);
    expect(await driver.observe(node.name)).toMatchObject({ state: 'stopped' });
    expect((await driver.observe(node.name)).evidence).not.toMatch(/SIGKILL|ExitCode=137/);
    await comesBackAnew(before);
  });

  it('pauses a node, which then accepts and is silent, and lets the same one go on', async () => {
    const before = await incarnation();
    await driver.pause(node.name);
    await becomes('paused');
    expect(await answerOf(node)).toBe('silent');
    await driver.unpause(node.name);
    await becomes('running');
    await answers();
    expect(await incarnation()).toBe(before);
  });

  for (const how of ['crash', 'api', undefined] as const) {
    it.skipIf(how === 'crash' && !canCrash)(`kills a paused node (how: ${how ?? 'not said'})`, async () => {
      const before = await incarnation();
      await driver.pause(node.name);
      await becomes('paused');
      await driver.kill(node.name, how);
      await comesBackAnew(before);
    });
  }

  it('stops a paused node', async () => {
    const before = await incarnation();
    await driver.pause(node.name);
    await becomes('paused');
    await driver.stop(node.name, 2000);
    await comesBackAnew(before);
  });

  it('rejects powers in the wrong state, and says which state it is', async () => {
    for (const power of ['start', 'unpause'] as const) await rejects(power, 'running');
    await driver.pause(node.name);
    await becomes('paused');
    for (const power of ['start', 'pause'] as const) await rejects(power, 'paused');
    await driver.kill(node.name);
    await becomes('stopped');
    for (const power of ['kill', 'stop', 'pause', 'unpause'] as const) await rejects(power, 'stopped');
  });

  it('rejects a node that it does not hold', async () => {
    const says = /does not know no-such-node: it holds /;
    await expect(driver.observe('no-such-node')).rejects.toThrow(says);
    await expect(driver.kill('no-such-node')).rejects.toThrow(says);
    await expect(driver.start('no-such-node')).rejects.toThrow(says);
    await expect(driver.pause(stranger.name)).rejects.toThrow('does not know');
  });

  describe('closed', () => {
    it('lets go once for all: twice is as good as once', async () => {
      await driver.close();
      await driver.close();
      expect(await answerOf(node)).toBe(rig.outlivesDriver ? 'answers' : 'refuses');
    });
  });
}

/** What a client of the node meets. A connection that is cut counts as a refusal. */
export function answerOf(node: NodeSpec, timeoutMs = 400): Promise<'answers' | 'refuses' | 'silent'> {
  const { hostname, port } = new URL(node.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const settle = (answer: 'answers' | 'refuses' | 'silent') => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => settle('silent'));
    socket.on('error', () => settle('refuses'));
    socket.on('end', () => settle('refuses'));
    socket.on('data', () => settle('answers'));
    socket.write(node.kind === 'http' ? 'GET /health HTTP/1.1\r\nHost: node\r\n\r\n' : 'PING\r\n');
  });
}

/** Polls until it holds; fails after `limitMs`. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, limitMs = 20_000) {
  const deadlineMs = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await sleep(20);
  }
}
