import { drawAt } from '../../model/draw-at.ts';
import { systemClock } from '../../clock/system.ts';
import { http, redis } from './protocol.ts';
import { ScriptedNode } from './scripted-node.ts';
import type { Noted, Script } from './scripted-service.ts';

/** The process of a `ScriptedService`. It ends when it is told to, or nobody is there any more to do so. */
const { protocol, ports, disturbance, seed } = JSON.parse(process.argv[2]!) as Script;

let turn = 0;
const random = () => drawAt(seed, (turn += 1), 0);
/** Some milliseconds, sometimes more: exponential above a floor. */
const usualMs = () => 2 - 3 * Math.log(1 - random());

let zeroMs = Number.NaN;
const nowSec = () => (performance.now() - zeroMs) / 1000;
const wallSec = () => systemClock.wall() / 1000;
let fromSec = Number.NaN;
let toSec = Number.NaN;
let caughtUpSec = Number.NaN;
/** When each node was connected to for the first time after it was disturbed. */
const reconnectedSec: (number | null)[] = ports.map(() => null);

const nodes = ports.map(
  (port, number) =>
    new ScriptedNode({
      protocol: { http, redis }[protocol],
      port,
      random,
      nowSec,
      usualMs,
      onLoad: begin,
      onConnection: () => {
        if (!Number.isNaN(toSec)) reconnectedSec[number] ??= wallSec();
      },
    }),
);
const disturbed = nodes.map((_, number) => disturbance !== null && (disturbance.node ?? number) === number);

function begin(): void {
  if (!Number.isNaN(zeroMs)) return;
  zeroMs = performance.now();
  if (disturbance === null) return;
  const own = nodes.filter((_, number) => disturbed[number]);
  const named = { ...disturbance, node: null };
  at(disturbance.fromSec, () => {
    for (const node of own) node.begin(named);
    fromSec = wallSec();
  });
  at(disturbance.toSec, () => {
    void Promise.all(own.map((node) => node.end())).then(() => {
      toSec = wallSec();
      caughtUpSec = toSec + Math.max(...own.map((node) => node.backlogMs)) / 1000;
    });
  });
}

/** Timers count whole milliseconds: the last ones are waited for turn by turn. */
function at(sec: number, act: () => void): void {
  const leftMs = (sec - nowSec()) * 1000;
  if (leftMs > 2) setTimeout(() => at(sec, act), leftMs - 2);
  else if (leftMs > 0) setImmediate(() => at(sec, act));
  else act();
}

function noted(): Noted | 'none' {
  if (Number.isNaN(toSec)) return 'none';
  const back = reconnectedSec.filter((_, number) => disturbed[number]);
  const isBack = back.every((sec) => sec !== null);
  return { fromSec, toSec, caughtUpSec, reconnectedSec: isBack ? Math.max(...back) : null };
}

process.on('message', () => process.send!(noted(), () => process.exit()));
process.on('disconnect', () => process.exit());
for (const node of nodes) await node.listen();
process.send!('listening');
