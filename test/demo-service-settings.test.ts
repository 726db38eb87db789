import { describe, expect, it } from 'vitest';
import { readSettings } from '../src/demo/settings.ts';

describe('the settings of a demo node', () => {
  it('have defaults, also for empty variables', () => {
    const defaults = {
      node: 'service-node-1',
      host: '127.0.0.1',
      port: 8001,
      workDelayMs: [10, 150],
      dieWithParent: false,
    };
    expect(readSettings({})).toEqual(defaults);
    expect(
      readSettings({ NODE_NAME: '', HOST: '', PORT: '', WORK_DELAY_MS: '', DIE_WITH_PARENT: '' }),
    ).toEqual(defaults);
    expect(readSettings({ PORT: '0', WORK_DELAY_MS: '0..0', DIE_WITH_PARENT: '1' })).toEqual({
      ...defaults,
      port: 0,
      workDelayMs: [0, 0],
      dieWithParent: true,
    });
  });

  it.each([
    [{ NODE_NAME: 'a b' }, 'NODE_NAME="a b" must be a service name'],
    [{ PORT: '65536' }, 'PORT="65536" must be'],
    [{ PORT: '-1' }, 'PORT="-1" must be'],
    [{ PORT: '80.5' }, 'PORT="80.5" must be'],
    [{ WORK_DELAY_MS: '150..10' }, 'WORK_DELAY_MS="150..10" must be'],
    [{ WORK_DELAY_MS: '10' }, 'WORK_DELAY_MS="10" must be'],
    [{ WORK_DELAY_MS: '0..60001' }, 'WORK_DELAY_MS="0..60001" must be'],
    [{ DIE_WITH_PARENT: 'yes' }, 'DIE_WITH_PARENT="yes" must be 0 or 1'],
  ])('%j is refused', (env, message) => {
    expect(() => readSettings(env)).toThrow(message);
  });
});
