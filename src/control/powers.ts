import type { Driver, NodeState, Sighting } from './driver.ts';

export type Power = keyof Pick<Driver, 'kill' | 'stop' | 'start' | 'pause' | 'unpause'>;

/** The states that each power may be used in. A paused node can be killed and stopped: the signal thaws it. */
const usableIn: Readonly<Record<Power, readonly NodeState[]>> = {
  kill: ['running', 'paused'],
  stop: ['running', 'paused'],
  start: ['stopped'],
  pause: ['running'],
  unpause: ['paused'],
};

/** The error of a power used in the wrong state; undefined where the state allows it. */
export function wrongState(power: Power, node: string, { state, evidence }: Sighting): Error | undefined {
  if (usableIn[power].includes(state)) return undefined;
  return new Error(`cannot ${power} ${node}: it is ${state} (${evidence})`);
}

export function unknownNode(node: string, known: Iterable<string>): Error {
  const names = [...known];
  const has = names.length === 0 ? 'it holds no nodes' : `it holds ${names.join(', ')}`;
  return new Error(`the driver does not know ${node}: ${has}`);
}
