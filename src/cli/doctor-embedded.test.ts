import { expect, it } from 'vitest';
import { embeddedFindings } from './doctor-embedded.ts';

it('doctor says what embedded nodes lack, and what would bring it', () => {
  const demoService = { usable: false, says: 'no main.js' };
  expect(embeddedFindings({ demoService, redisServer: { usable: true, says: '/bin/redis-server' } })).toEqual(
    [
      {
        what: 'embedded HTTP nodes',
        state: 'missing',
        says: 'no main.js',
        remedy: expect.stringContaining('npm run build'),
      },
      { what: 'embedded Redis nodes', state: 'ok', says: '/bin/redis-server' },
    ],
  );
});
