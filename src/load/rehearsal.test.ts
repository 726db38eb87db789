import { expect, it } from 'vitest';
import { systemClock as clock } from '../clock/system.ts';
import { configSchema } from '../model/config.ts';
import { rehearse } from './rehearsal.ts';

it.each([
  ['POST with a body', { requests: [{ method: 'POST', path: '/x', body: { id: '{{seq}}' } }] }],
  ['GET, each on a connection of its own', { method: 'GET', path: '/', keep_alive: false }],
])('goes through many requests that nobody else sees: %s', async (_, workload) => {
  const config = configSchema.parse({ http_workload: workload });
  const { due, ok } = await rehearse({ clock, config, seed: 1, traces: null });
  expect(due).toBeGreaterThan(0);
  expect(ok).toBe(due);
});
