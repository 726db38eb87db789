import { describe, expect, it } from 'vitest';
import type { NodeSpec } from '../model/node.ts';
import { type ChoiceRequest, chooseDriver } from './choose.ts';
import type { ProbedService } from './docker/probe.ts';

const node = (name: string, managed = true): NodeSpec => ({
  name,
  kind: 'http',
  url: `http://127.0.0.1:1/${name}`,
  managed,
});
const answering = (...services: ProbedService[]): ChoiceRequest['probe'] => ({
  answers: true,
  version: '28.0',
  apiVersion: '1.50',
  services,
});
const silent: ChoiceRequest['probe'] = { answers: false, problem: 'nothing listens', hint: undefined };

function choose(request: Partial<ChoiceRequest>): string {
  const { name, reason } = chooseDriver({
    nodes: [node('demo-1')],
    disturbs: true,
    project: 'shop',
    probe: silent,
    isEmbeddable: (service) => service.startsWith('demo-'),
    ...request,
  });
  return `${name}: ${reason}`;
}

describe('auto', () => {
  it('takes Docker where the project runs every service, however one of them stands', () => {
    expect(choose({ probe: answering({ service: 'demo-1', state: 'running' }) })).toBe(
      'docker: the compose project shop runs demo-1',
    );
    // A paused or ambiguous one is for the driver itself to report, not a reason to look away.
    expect(choose({ probe: answering({ service: 'demo-1', state: 'ambiguous' }) })).toMatch(/^docker/);
  });

  it('takes embedded nodes where the project has none of the services, and says why', () => {
    expect(choose({ probe: answering({ service: 'demo-1', state: 'missing' }) })).toBe(
      'process: embedded nodes, as the compose project shop does not run demo-1 (missing)',
    );
  });

  it.each(['missing', 'stopped'] as const)(
    'takes nothing in place of a project that is there but has a service %s: it names the service',
    (state) => {
      const probe = answering({ service: 'demo-1', state: 'running' }, { service: 'demo-2', state });
      expect(() => choose({ nodes: [node('demo-1'), node('demo-2')], probe })).toThrow(
        `the compose project shop does not run demo-2 (${state})`,
      );
    },
  );

  it('takes embedded nodes where no engine answers, and says why', () => {
    expect(choose({})).toBe('process: embedded nodes, as Docker is not to be had (nothing listens)');
  });

  it('never embeds in place of a service of the user’s own', () => {
    expect(() => choose({ nodes: [node('api')] })).toThrow(/no driver reaches api/);
    expect(choose({ nodes: [node('api')], disturbs: false })).toMatch(/^none: /);
  });

  it('takes none for nodes that have no service names', () => {
    expect(choose({ nodes: [node('127.0.0.1:80', false)] })).toMatch(/^none: /);
  });
});
