import type { Driver, Sighting } from '../../control/driver.ts';
import type { Power } from '../../control/powers.ts';
import type { Engine } from './engine.ts';
import type { Life } from './life.ts';
import type { Timeline } from './timeline.ts';

/** What one process asks of the engine, told before it is asked. */
export interface Asked {
  readonly power: Power;
  readonly node: string;
  /** What the process was told of the node last; undefined where it never looked. */
  readonly seen: Sighting | undefined;
}

export interface ClientOptions {
  readonly life: Life;
  readonly engine: Engine;
  readonly timeline: Timeline;
  readonly onOrder: (asked: Asked) => void;
}

/** The engine as one process reaches it: once that is dead, it asks nothing more. */
export function client({ life, engine, timeline, onOrder }: ClientOptions): Driver {
  const seen = new Map<string, Sighting>();
  const observe = async (node: string) => {
    const sighting = await life.hear(() => engine.observe(node));
    seen.set(node, sighting);
    return sighting;
  };
  const order = (power: Power, node: string, graceMs = 0) =>
    life.hear(() => {
      timeline.say(life.name, `orders ${power} ${node}`);
      onOrder({ power, node, seen: seen.get(node) });
      return engine.order(power, node, graceMs);
    });
  return {
    name: 'docker',
    engine: null,
    disturbers: [],
    open: (nodes) => Promise.resolve(nodes),
    observe,
    kill: (node) => order('kill', node),
    stop: (node, graceMs) => order('stop', node, graceMs),
    start: (node) => order('start', node),
    pause: (node) => order('pause', node),
    unpause: (node) => order('unpause', node),
    close: () => Promise.resolve(),
  };
}
