import { type Driver, NodeGone } from './driver.ts';

/** For undoing what was done to embedded nodes that have ended with their run: there is nothing left to act upon. */
export function endedNodes(): Driver {
  const gone = (node: string) =>
    Promise.reject(new NodeGone(`${node} was embedded, and has ended with its run`));
  return {
    name: 'process',
    engine: null,
    disturbers: [],
    open: (nodes) => Promise.resolve(nodes),
    observe: gone,
    kill: gone,
    stop: gone,
    start: gone,
    pause: gone,
    unpause: gone,
    close: () => Promise.resolve(),
  };
}
