import { sleep } from '../../clock/clock.ts';
import type { Dice } from './dice.ts';
import type { Stage } from './stage.ts';

/** Somebody else, who at random moments lays hands on a node, in ways that its state allows. */
export async function meddle(
  { clock, world }: Stage,
  dice: Dice,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await sleep(clock, dice.whole(1, everyMs), signal);
    if (signal.aborted) return;
    const node = dice.pick(['a', 'b', 'c']);
    const act = dice.weighted({ restart: 4, stop: 4, start: 4, pause: 3, unpause: 3, remove: 1 });
    try {
      world.look(node);
      if (act === 'remove') world.remove(node);
      else if (act !== 'restart') world.use(act, node, 'stranger');
      else {
        world.use('stop', node, 'stranger');
        world.use('start', node, 'stranger');
      }
    } catch {
      // Not in that state: nothing came of it.
    }
  }
}
