import { expect, it } from 'vitest';
import { VirtualClock } from '../clock/virtual.ts';
import type { NodeSpec } from '../model/node.ts';
import { planOf } from '../testing/plan-builder.ts';
import { checkServing } from './check-serving.ts';
import type { ChosenDriver } from './world.ts';

const chosen: ChosenDriver = { driver: null, name: 'none', reason: '', engine: null, scope: null };

/** The check of two nodes, of which the second is silent for a reason. */
function checked(silence: () => string | null) {
  const clock = new VirtualClock();
  const told: string[] = [];
  const tell = (text: string) => void told.push(text);
  const plan = { ...planOf([], ['a', 'b']), disturbs: true };
  const silenceOf = async ({ name }: NodeSpec) => (name === 'a' ? null : silence());
  const interrupt = new AbortController().signal;
  const ended = checkServing({ clock, interrupt }, plan, chosen, silenceOf, { say: tell, warn: tell });
  return { clock, told, ended };
}

it('says once, after a second, which node is waited for and why, and goes on when that answers', async () => {
  let silence: string | null = 'ECONNREFUSED';
  const { clock, told, ended } = checked(() => silence);
  await clock.advance(900);
  expect(told).toEqual([]);
  await clock.advance(5000);
  expect(told).toEqual(['waiting up to 10s for b at http://127.0.0.1:9 (ECONNREFUSED)']);
  silence = null;
  await clock.advance(200);
  await ended;
  expect(told).toHaveLength(1);
});

it('does not wait for what waiting cannot mend, and says nothing where all nodes answer', async () => {
  const refused = checked(() => 'tls_error');
  await expect(refused.ended).rejects.toThrow('b at http://127.0.0.1:9 (tls_error)');
  expect(refused.clock.now()).toBe(0);
  const well = checked(() => null);
  await well.ended;
  await well.clock.advance(2000);
  expect([...refused.told, ...well.told]).toEqual([]);
});
