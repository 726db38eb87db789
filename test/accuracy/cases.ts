import { drawAt } from '../../src/model/draw-at.ts';
import type { Disturbance, DisturbanceKind } from '../../src/testing/scripted/disturbance.ts';
import { type WeatherName, weathers } from '../../src/testing/scripted/noise.ts';

/** One run to be judged against its script. */
export interface Case {
  readonly number: number;
  readonly source: 'generated' | 'real';
  readonly protocol: 'http' | 'redis';
  readonly rps: number;
  readonly durationSec: number;
  readonly weather: WeatherName;
  /** Null: nothing happens. */
  readonly disturbance: Disturbance | null;
  /** Whether the run's log tells of it, as of a fault. */
  readonly isTold: boolean;
  readonly seed: number;
}

export const nodes: readonly string[] = ['a', 'b', 'c'];

type What = readonly [rps: number, kind: DisturbanceKind | null, count: number];

/** What one round of generated runs is made of. Outages, and runs without a fault, are what the goals count. */
const round: readonly What[] = [
  [50, null, 10],
  [50, 'refuse', 4],
  [50, 'hang', 3],
  [50, 'reset', 3],
  [50, 'latency', 2],
  [50, 'errors', 2],
  [50, 'ramp', 2],
  [1000, null, 1],
  [1000, 'refuse', 1],
  [1000, 'hang', 1],
  [1000, 'reset', 1],
  [1000, 'latency', 1],
  [1000, 'errors', 1],
  [1000, 'ramp', 1],
];
const generatedRound = round.flatMap(([rps, kind, count]) =>
  Array.from({ length: count }, () => [rps, kind] as const),
);
export const roundLength = generatedRound.length;

const kinds: readonly DisturbanceKind[] = ['refuse', 'hang', 'reset', 'latency', 'errors', 'ramp'];
const realRound = (['http', 'redis'] as const).flatMap((protocol) =>
  [50, 1000].flatMap((rps) => [...kinds, null].map((kind) => [protocol, rps, kind] as const)),
);

export const realRoundLength = realRound.length;

export function generatedCases(count: number, seed: number): Case[] {
  const names = Object.keys(weathers) as WeatherName[];
  return Array.from({ length: count }, (_, number) => {
    const [rps, kind] = generatedRound[number % roundLength]!;
    const draw = drawsOf(seed, number);
    const weather = names[Math.floor(draw() * names.length)]!;
    const durationSec = rps === 50 ? 60 : 20;
    return {
      number,
      source: 'generated',
      protocol: 'http',
      rps,
      durationSec,
      weather,
      disturbance: kind && disturbanceOf(kind, durationSec, weathers[weather].medianMs, draw),
      isTold: draw() < 0.5,
      seed: Math.floor(draw() * 2 ** 30),
    };
  });
}

export function realCases(count: number, seed: number): Case[] {
  return Array.from({ length: count }, (_, number) => {
    const [protocol, rps, kind] = realRound[number % realRound.length]!;
    const draw = drawsOf(seed, 1_000_000 + number);
    const durationSec = 14;
    return {
      number,
      source: 'real',
      protocol,
      rps,
      durationSec,
      weather: 'calm',
      // Of a scripted server, too few milliseconds would be lost in those of a busy machine.
      disturbance: kind && disturbanceOf(kind, durationSec, realMedianMs, draw),
      isTold: true,
      seed: Math.floor(draw() * 2 ** 30),
    };
  });
}

const realMedianMs = 20;

/** Draws that belong to a case alone. */
function drawsOf(seed: number, number: number): () => number {
  let turn = 0;
  return () => {
    turn += 1;
    return drawAt(seed, number, turn);
  };
}

/** At a time, for as long, and as bad as it is drawn. */
function disturbanceOf(
  kind: DisturbanceKind,
  durationSec: number,
  medianMs: number,
  draw: () => number,
): Disturbance {
  const between = (least: number, most: number) => least + (most - least) * draw();
  const fromSec = durationSec * between(0.3, 0.4);
  const longestSec = durationSec * 0.25;
  const lastsSec = {
    refuse: between(2, Math.min(longestSec, 8)),
    hang: between(2, Math.min(longestSec, 8)),
    reset: between(2, Math.min(longestSec, 8)),
    latency: between(3.3, Math.max(longestSec, 3.5)),
    errors: between(2.5, Math.max(longestSec, 3.5)),
    ramp: between(4.5, Math.max(longestSec, 5)),
  }[kind];
  return {
    kind,
    fromSec,
    toSec: fromSec + lastsSec,
    node: draw() < 1 / 3 ? null : nodes[Math.floor(draw() * nodes.length)]!,
    addMs: Math.max(medianMs * between(2, 6), 20) * (kind === 'ramp' ? 2 : 1),
    share: between(0.3, 1),
  };
}

/** `generated 17 (rough, 50 rps): hang of b, 20.1 s to 23.4 s, told`. */
export function caseText({ number, source, protocol, weather, rps, disturbance, isTold }: Case): string {
  const where = source === 'generated' ? weather : protocol;
  const head = `${source} ${number} (${where}, ${rps} rps)`;
  if (disturbance === null) return `${head}: nothing happens`;
  const { kind, node, fromSec, toSec, addMs, share } = disturbance;
  const how = kind === 'errors' ? ` ${Math.round(share * 100)}%` : '';
  const much = kind === 'latency' || kind === 'ramp' ? ` +${Math.round(addMs)} ms` : '';
  return `${head}: ${kind}${how}${much} of ${node ?? 'all'}, ${fromSec.toFixed(2)} s to ${toSec.toFixed(2)} s, ${isTold ? 'told' : 'not told'} in its log`;
}
