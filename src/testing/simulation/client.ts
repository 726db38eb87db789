import type { Driver, Sighting } from '../../control/driver.ts';
import type { Power } from '../../control/powers.ts';
import type { Disturber, Json } from '../../model/disturber.ts';
import type { Engine } from './engine.ts';
import type { Life } from './life.ts';
import type { Timeline } from './timeline.ts';
import type { World } from './world.ts';

/** What one process asks of the engine, told before it is asked. */
export interface Asked {
  readonly power: Power | 'put' | 'take';
  /** The rule that is put beside the node, or taken away. */
  readonly rule?: string;
  readonly node: string;
  /** What the process was told of the node last; undefined where it never looked. */
  readonly seen: Sighting | undefined;
}

export interface ClientOptions {
  readonly life: Life;
  readonly engine: Engine;
  readonly world: World;
  readonly timeline: Timeline;
  readonly onOrder: (asked: Asked) => void;
}

/** The engine as one process reaches it: once that is dead, it asks nothing more. */
export function client({ life, engine, world, timeline, onOrder }: ClientOptions): Driver {
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
  const rules: Disturber = {
    means: 'rules',
    kinds: ['latency'],
    refusal: () => Promise.resolve(null),
    prepare: (_node, _spec, marker) => life.hear(() => engine.look(() => marker)),
    apply: (node, _spec, rule) => change('put', node, nameOf(rule)),
    remove: (node, _spec, rule) => change('take', node, nameOf(rule)),
    look: (_node, _spec, rule) =>
      life.hear(() =>
        engine.look(() => {
          const state = world.rules.includes(nameOf(rule)) ? 'present' : 'absent';
          return { state, evidence: `rule ${nameOf(rule)} is ${state}` };
        }),
      ),
  };
  const change = (power: 'put' | 'take', node: string, rule: string) =>
    life.hear(() => {
      timeline.say(life.name, `orders ${power} ${rule}`);
      onOrder({ power, node, rule, seen: seen.get(node) });
      const act = () => (power === 'put' ? world.putRule(rule, node) : world.takeRule(rule));
      return engine.carryOut(`${power} ${rule}`, 0, act);
    });
  return {
    name: 'docker',
    engine: null,
    disturbers: [rules],
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

function nameOf(rule: Json): string {
  return typeof rule === 'string' ? rule : '';
}
