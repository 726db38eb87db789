import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OrchError } from '../../model/errors.ts';
import { engineAddress } from './address.ts';
import { adoptContainers, createDockerDriver, probeDocker } from './docker.ts';

/** These need no engine: they show what is said where none answers. */
describe('an engine that cannot be reached', () => {
  let directory: string;
  let socket: string;
  let cleanUp: (() => void)[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'orch-docker-'));
    socket = join(directory, 'docker.sock');
    cleanUp = [() => rmSync(directory, { recursive: true })];
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    for (const step of cleanUp.toReversed()) step();
  });

  async function openError(
    env: Record<string, string> = { DOCKER_HOST: `unix://${socket}` },
  ): Promise<OrchError> {
    const driver = createDockerDriver({ address: engineAddress(env), project: 'shop' });
    return driver.open([]).then(
      () => expect.fail('it opened'),
      (error: OrchError) => error,
    );
  }

  async function listen(onConnection: (connection: Socket) => void): Promise<void> {
    const server = createServer(onConnection);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    cleanUp.push(() => server.close());
  }

  const says = (because: string) => `the Docker Engine at ${socket} does not answer: ${because}`;

  it('is said to have no socket', async () => {
    const error = await openError();
    expect(error).toMatchObject({
      code: 'docker-unreachable',
      exit: 104,
      message: says('there is no such socket'),
    });
    expect(error.hint).toContain('Start Docker');
  });

  it('is said to be a file of another kind', async () => {
    writeFileSync(socket, '');
    const error = await openError();
    expect(error.message).toBe(says('the file is not a socket'));
    expect(error.hint).toContain('control.docker.socket');
  });

  it('is said not to run where its socket was left behind', async () => {
    const listenAndDie = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', listenAndDie, socket]);
    const error = await openError();
    expect(error.message).toBe(says('nothing listens there, the engine is not running'));
  });

  it('is said to be forbidden, and how to be let in', async () => {
    await listen((connection) => connection.destroy());
    chmodSync(socket, 0o600);
    chmodSync(directory, 0o755);
    const error = await asSomeoneElse(socket, () => openError());
    expect(error.message).toBe(says('permission denied'));
    expect(error.hint).toContain('docker group');
  });

  it('is named by DOCKER_HOST where that is a host', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1');
    const error = await openError({ DOCKER_HOST: 'tcp://127.0.0.1:1' });
    expect(error.message).toBe(
      'the Docker Engine at tcp://127.0.0.1:1 does not answer: nothing listens there, the engine is not running',
    );
  });

  const begun = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"Version":';
  it.each<[string, (connection: Socket) => unknown]>([
    ['is silent', () => {}],
    ['falls silent in mid-answer', (connection) => connection.write(begun)],
    ['hangs up in mid-answer', (connection) => connection.end(begun)],
  ])('is given up by a probe after two seconds where it %s', async (_, treat) => {
    await listen((connection) => {
      cleanUp.push(() => connection.destroy());
      treat(connection);
    });
    const beganMs = performance.now();
    const probe = await probeDocker({
      address: engineAddress({}, socket),
      project: 'shop',
      services: ['web'],
    });
    expect(probe).toEqual({
      answers: false,
      problem: says('no answer within 2000 ms'),
      hint: expect.stringContaining('docker version'),
    });
    expect(performance.now() - beganMs).toBeLessThan(10_000);
  });

  const http = (status: string, body: string) =>
    `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
  it.each([
    ['404 Not Found', 'nope', 'HTTP 404, nope'],
    ['403 Forbidden', '', 'HTTP 403, no reason given'],
    ['200 OK', 'hello', 'hello'],
    ['200 OK', '', 'an empty answer'],
    ['200 OK', '[{"a":1}]', '[{"a":1}]'],
    ['200 OK', 'x'.repeat(81), `${'x'.repeat(80)} …`],
  ])('is said to be none where something answers %s %s', async (status, body, said) => {
    await listen((connection) => connection.end(http(status, body)));
    const message = `what answers at ${socket} is no Docker Engine, or keeps it from us: ${said}`;
    const address = engineAddress({}, socket);
    expect(await openError()).toMatchObject({ code: 'docker-unreachable', message });
    expect(await probeDocker({ address, project: 'shop', services: [] })).toEqual({
      answers: false,
      problem: message,
      hint: expect.stringContaining('Correct DOCKER_HOST'),
    });
    const adopted = adoptContainers(address, new Map([['a', 'aaaa@1']]), {
      mark: undefined,
      runPath: '/runs/r',
    });
    await expect(adopted.observe('a')).rejects.not.toThrow(TypeError);
  });
});

describe('engineAddress', () => {
  it('takes what is asked for, then DOCKER_HOST, then a usual socket', () => {
    expect(engineAddress({ DOCKER_HOST: 'tcp://h:1' }, '/asked').socketPath).toBe('/asked');
    expect(engineAddress({ DOCKER_HOST: 'unix:///other' })).toEqual({
      socketPath: '/other',
      shown: '/other',
    });
    expect(engineAddress({ DOCKER_HOST: 'tcp://h:1' })).toEqual({
      socketPath: undefined,
      shown: 'tcp://h:1',
    });
    expect(engineAddress({}).socketPath).toBe('/var/run/docker.sock');
  });
});

/** Root may do everything, so it becomes nobody for a while; anyone else loses the right to the socket. */
async function asSomeoneElse<T>(socket: string, work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) {
    chmodSync(socket, 0);
    return work();
  }
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
