import { describe, expect, it } from 'vitest';
import {
  action,
  http,
  imported,
  type Loose,
  messages,
  process,
  python,
} from '../testing/experiment-builder.ts';

describe('configuration and secrets', () => {
  it('become variables', () => {
    const { scenario, unsupported, remarks } = imported({
      configuration: {
        text: 'a ${b}',
        number: 1.5,
        on: true,
        list: ['a', 1],
        host: { type: 'env', key: 'HOST', default: 'localhost' },
        port: { type: 'env', key: 'PORT', env_var_type: 'int' },
        token: 'not the secret',
        'not-nameable': 'x',
      },
      secrets: {
        one: { token: { type: 'env', key: 'TOKEN' }, key: { type: 'env', key: 'KEY' } },
        two: { plain: 'hush' },
      },
    });
    expect(scenario['variables']).toEqual({
      text: 'a $${b}',
      number: 1.5,
      on: true,
      list: ['a', 1],
      host: { from_env: 'HOST', default: 'localhost' },
      port: { from_env: 'PORT', required: true },
      token: 'not the secret',
      key: { from_env: 'KEY', required: true, secret: true },
      plain: { required: true, secret: true },
    });
    expect(unsupported).toEqual([]);
    expect(
      messages(remarks).map((message) => /is left out|declared before|not copied/.exec(message)?.[0]),
    ).toEqual(['is left out', 'declared before', 'not copied']);
  });

  it('do not tell a secret that stands in the experiment', () => {
    const { yaml, remarks } = imported({ secrets: { two: { plain: 'hush-hush' } } });
    expect(yaml + messages(remarks).join()).not.toContain('hush-hush');
    expect(yaml).toContain('ORCH_VAR_PLAIN');
  });

  it('are secret where it would be shown', () => {
    const { scenario, unsupported } = imported({
      secrets: { api: { token: { type: 'env', key: 'TOKEN' } } },
      method: [
        action('a', http('http://h/?t=${token}', { headers: { token: '${token}' } })),
        action('b', process('x', { arguments: ['--token', '${token}'] })),
        action('c', http('http://h/', { method: 'POST', arguments: { token: '${token}' } })),
      ],
    });
    expect(messages(unsupported)).toEqual([
      expect.stringContaining('the secret `token` would be shown'),
      expect.stringContaining('the secret `token` would be shown'),
    ]);
    const [asked, run, posted] = (scenario as { phases: [{ actions: [{ actions: Loose[] }] }] }).phases[0]
      .actions[0].actions;
    expect(asked).toMatchObject({ url: 'http://h/?t=$${token}', headers: { token: '${token}' } });
    expect(run).toMatchObject({ run: ['x', '--token', '$${token}'] });
    expect(posted).toMatchObject({ body: 'token=${token}' });
  });

  it('are named where they come from elsewhere, and then asked for', () => {
    const { scenario, unsupported } = imported({
      configuration: { found: { type: 'probe', name: 'x', provider: python }, map: { a: 1 } },
      secrets: { one: { token: { type: 'vault', path: 'a/b' } }, flat: { type: 'vault', path: 'c' } },
    });
    expect(unsupported).toHaveLength(4);
    expect(scenario['variables']).toEqual({
      found: { required: true },
      map: { required: true },
      token: { required: true, secret: true },
    });
  });
});
