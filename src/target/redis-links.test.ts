import { expect, test } from 'vitest';
import { type LinkEvents, NodeLinks } from './redis-links.ts';

/** A link that only keeps count of what it is told. */
function scripted(events: LinkEvents) {
  const { promise: tried, resolve: connected } = Promise.withResolvers<void>();
  const told: string[] = [];
  return {
    events,
    connected,
    told,
    tried,
    send() {
      told.push('send');
    },
    retire: () => void told.push('retire'),
    close: () => void told.push('close'),
  };
}

test('after a stall the next operations go to one new link, once that has been tried', async () => {
  const made: ReturnType<typeof scripted>[] = [];
  const links = new NodeLinks((events) => {
    const link = scripted(events);
    made.push(link);
    return link;
  });
  const send = (): void => links.send([], 1, { settle: () => {} });
  send();
  made[0]?.events.stalled();
  made[0]?.events.stalled();
  send();
  expect(made.map(({ told }) => told)).toEqual([['send', 'send'], []]);
  made[1]?.connected();
  await made[1]?.tried;
  // Who had waited for that before has heard of it now.
  await Promise.resolve();
  send();
  // What stalls on the old link from now on says nothing of the new one.
  made[0]?.events.stalled();
  send();
  expect(made.map(({ told }) => told)).toEqual([
    ['send', 'send', 'retire'],
    ['send', 'send'],
  ]);
  made[0]?.events.closed();
  links.close();
  expect(made.map(({ told }) => told.at(-1))).toEqual(['retire', 'close']);
});
