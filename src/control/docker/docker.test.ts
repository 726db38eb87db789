import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OrchError } from '../../model/errors.ts';
import type { NodeSpec } from '../../model/node.ts';
import { needs } from '../../testing/requirements.ts';
import { engineAddress } from './address.ts';
import { Containers, docker } from './containers.fixture.ts';
import { createDockerDriver, probeDocker } from './docker.ts';
import { answerOf, until } from '../driver.contract.ts';
import { freePort } from '../ports.ts';

const address = engineAddress(process.env);

describe.skipIf(!needs('docker'))('docker driver', () => {
  let containers: Containers;
  beforeEach(() => {
    containers = new Containers('driver');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await containers.removeAll();
  });

  const driver = () => createDockerDriver({ address, project: containers.project });
  const nodeAt = (port: number, name = 'web'): NodeSpec => ({
    name,
    kind: 'http',
    url: `http://127.0.0.1:${port}`,
    managed: true,
  });
  const refusal = async (...nodes: NodeSpec[]): Promise<OrchError> =>
    driver()
      .open(nodes)
      .then(
        () => expect.fail('it opened'),
        (error: OrchError) => error,
      );

  it('lists what there is where a service has several containers or none', async () => {
    const port = await freePort();
    const name = `${containers.project}-named`;
    const [first, second] = [
      await containers.create({ service: 'web' }),
      await containers.create({ service: 'web' }),
    ];
    await containers.create({ name });
    const error = await refusal(nodeAt(port), nodeAt(port, name));
    expect(error).toMatchObject({ code: 'container-ambiguous', exit: 104 });
    expect(error.message).toBe(
      `in compose project "${containers.project}", service "web" has 2 containers; service "${name}" has no container`,
    );
    const details = error.details.join('\n');
    expect(details).toContain(first.slice(0, 12));
    expect(details).toContain(second.slice(0, 12));
    expect(details).toMatch(
      new RegExp(`${name}: not taken: container ${name} .*stopped\\), without compose labels`),
    );
    expect(details).toContain(`services of project "${containers.project}": web`);
    expect(error.hint).toContain('docker compose up');
  });

  it('names the project that holds a service which this one does not', async () => {
    const elsewhere = new Containers('elsewhere');
    try {
      await elsewhere.create({ service: 'web' });
      const error = await refusal(nodeAt(8000));
      expect(error.message).toContain('service "web" has no container');
      expect(error.details.join('\n')).toContain(`project "${elsewhere.project}", service "web"`);
      expect(error.details).toContain(`services of project "${containers.project}": none`);
    } finally {
      await elsewhere.removeAll();
    }
  });

  it('leaves out what `docker compose run` made', async () => {
    const port = await freePort();
    const id = await containers.run({ service: 'web', port });
    await containers.create({ service: 'web', args: ['--label', 'com.docker.compose.oneoff=True'] });
    const opened = driver();
    await opened.open([nodeAt(port)]);
    expect((await opened.observe('web')).incarnation).toContain(id);
  });

  it('refuses an address on this machine that does not lead to the container', async () => {
    const [published, configured] = [await freePort(), await freePort()];
    await containers.create({ service: 'web', port: published });
    await containers.create({ service: 'inner' });
    const wrong = await refusal(nodeAt(configured));
    expect(wrong).toMatchObject({ code: 'driver-unavailable' });
    expect(wrong.message).toMatch(
      new RegExp(`^web is configured at 127.0.0.1:${configured}, but .* does not publish that port`),
    );
    expect(wrong.hint).toContain(`It publishes ${published}`);
    expect((await refusal(nodeAt(configured, 'inner'))).hint).toContain('add `ports:`');
    await containers.create({ service: 'roaming', args: ['--publish', '127.0.0.1::8000'] });
    expect((await refusal(nodeAt(configured, 'roaming'))).hint).toContain('publish a fixed one');
    const elsewhere = { ...nodeAt(configured, 'inner'), url: 'http://inner.example:80' };
    expect(await driver().open([elsewhere])).toEqual([elsewhere]);
  });

  it('opens a stopped container, and reports how it ended', async () => {
    const port = await freePort();
    const id = await containers.run({ service: 'web', port });
    await docker('kill', id);
    const opened = driver();
    await opened.open([nodeAt(port)]);
    const { state, evidence } = await opened.observe('web');
    expect(state).toBe('stopped');
    expect(evidence).toBe(`container ${id.slice(0, 12)} Status=exited ExitCode=137 OOMKilled=false`);
  });

  it('says so when a container is replaced in mid-run, and leaves the new one alone', async () => {
    const port = await freePort();
    const old = await containers.run({ service: 'web', port });
    const opened = driver();
    await opened.open([nodeAt(port)]);
    await docker('rm', '--force', old);
    await containers.run({ service: 'web', port });
    await until(async () => (await answerOf(nodeAt(port))) === 'answers', 'the new container to answer');
    const gone = `container ${old.slice(0, 12)} of web is gone`;
    await expect(opened.observe('web')).rejects.toThrow(gone);
    await expect(opened.kill('web')).rejects.toThrow(gone);
    await expect(opened.start('web')).rejects.toThrow(gone);
    expect(await answerOf(nodeAt(port))).toBe('answers');
  });

  it('sees a restart by someone else as a new incarnation, and still acts on the container', async () => {
    const port = await freePort();
    const id = await containers.run({ service: 'web', port });
    const opened = driver();
    await opened.open([nodeAt(port)]);
    const before = await opened.observe('web');
    await docker('restart', '--time', '0', id);
    const after = await opened.observe('web');
    expect(after.state).toBe('running');
    expect(after.incarnation).not.toBe(before.incarnation);
    await opened.kill('web');
    expect((await opened.observe('web')).state).toBe('stopped');
  });

  it('hands on what the engine says when the state is not the matter', async () => {
    const port = await freePort();
    const id = await containers.run({ service: 'web', port });
    const opened = driver();
    await opened.open([nodeAt(port)]);
    await opened.kill('web');
    // Another container takes the port while this one is down.
    await containers.run({ service: 'thief', port });
    await expect(opened.start('web')).rejects.toThrow(
      /^the engine refused to start web: .*already allocated/s,
    );
    await docker('rm', '--force', id);
  });

  it('stops with SIGKILL once the grace is over', async () => {
    const port = await freePort();
    // As the first process of its container, a sleep without a handler ignores SIGTERM.
    await containers.run({ service: 'web', port, command: ['sleep', '1000'] });
    const opened = driver();
    await opened.open([nodeAt(port)]);
    const beganMs = performance.now();
    await opened.stop('web', 1000);
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(900);
    expect(await opened.observe('web')).toMatchObject({
      state: 'stopped',
      evidence: expect.stringContaining('ExitCode=137'),
    });
  });

  it('goes to the socket that it was given, whatever DOCKER_HOST says', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1');
    const probe = await probeDocker({ address, project: containers.project, services: [] });
    expect(probe).toMatchObject({ answers: true });
  });

  it('probes: the engine’s versions, and each service’s state and labels', async () => {
    await containers.run({ service: 'runs', args: ['--label', 'zone=a'] });
    await containers.create({ service: 'rests' });
    await containers.create({ service: 'twice' });
    await containers.create({ service: 'twice' });
    const services = ['runs', 'rests', 'twice', 'absent'];
    const probe = await probeDocker({ address, project: containers.project, services });
    expect(probe).toEqual({
      answers: true,
      version: expect.stringMatching(/^\d+\.\d+/),
      apiVersion: expect.stringMatching(/^1\.\d+$/),
      services: [
        { service: 'runs', state: 'running', labels: expect.objectContaining({ zone: 'a' }) },
        { service: 'rests', state: 'stopped', labels: expect.not.objectContaining({ zone: 'a' }) },
        { service: 'twice', state: 'ambiguous' },
        { service: 'absent', state: 'missing' },
      ],
    });
  });
});
