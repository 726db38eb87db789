import { describe, expect, it } from 'vitest';
import type { ProbedService } from '../control/docker/probe.ts';
import { engineFinding, projectFinding } from './doctor-docker.ts';

describe('what doctor says of the engine', () => {
  it('has the engine’s own hint as its remedy: a socket that may not be opened is not one that is not there', () => {
    expect(
      engineFinding({ usable: false, says: 'permission denied', hint: 'Join the docker group.' }),
    ).toEqual({
      what: 'docker engine',
      state: 'missing',
      says: 'permission denied',
      remedy: 'Only needed for --driver docker. Join the docker group.',
    });
  });
});

describe('what doctor says of the compose project', () => {
  const seen = (states: Record<string, ProbedService['state']>, hasFile = true) =>
    projectFinding(true, {
      name: 'shop',
      hasFile,
      services: Object.entries(states).map(([service, state]) => ({ service, state })),
    });

  it('tells a service of several containers and a paused one from one that does not run, each with its remedy', () => {
    const { state, says, remedy } = seen({ a: 'running', b: 'ambiguous', c: 'paused', d: 'stopped' });
    expect(state).toBe('missing');
    expect(says).toBe(
      'shop has a; paused: c; of several containers, where orch needs one: b; not running: d',
    );
    expect(remedy).toContain('docker compose -p shop unpause c');
    expect(remedy).toContain('docker compose up -d --scale b=1');
    expect(remedy).toContain('docker compose up -d --build --wait');
  });

  it('is only ok where each service has one container that runs', () => {
    expect(seen({ a: 'running', b: 'running' })).toMatchObject({ state: 'ok', says: 'shop has a, b' });
    expect(seen({ a: 'paused' }).state).toBe('missing');
    expect(seen({}).state).toBe('ok');
  });

  it('does not advise to start a project of which there is no file', () => {
    const { remedy } = seen({ a: 'missing' }, false);
    expect(remedy).not.toContain('docker compose up');
    expect(remedy).toContain('control.docker.project');
  });
});
