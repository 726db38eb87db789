/** Faults that are in force together on a node, as a scenario has them without target and times, and what they show. */
export interface Scene {
  readonly faults: readonly string[];
  /** The error that is to be seen (`a|b`: either), and its share of the requests: from, to. */
  readonly error?: readonly [codes: string, from: number, to: number];
  /** How far the median is to move, against that of the witness, in milliseconds: from, to. What is slowed may time out, too. */
  readonly moves?: readonly [fromMs: number, toMs: number];
  /** The share of requests that take at least so long: from, to. */
  readonly slow?: readonly [atLeastMs: number, from: number, to: number];
}

/** What befalls each node, one scene after another. */
export type Play = Readonly<Record<string, readonly Scene[]>>;

const sceneSec = 3;
const pauseSec = 0.5;
/** For what takes longer on a busy machine: each fault is waited for, before and after it. */
const spareSec = 6;

/** The kinds of a scene's faults. */
export function kindsIn({ faults }: Scene): readonly string[] {
  return faults.map((fault) => fault.replace(/,.*/, '').replace('_node', ''));
}

/** A scenario of a play: two seconds to get warm, two calm ones, then what befalls each node beside the others. */
export function scenarioOf(play: Play, rps: number): string {
  const most = Math.max(...Object.values(play).map((scenes) => scenes.length));
  return [
    'name: box',
    'phases:',
    `  - { name: warmup, duration_sec: 2, actions: [{ type: start_load, target: all_nodes, rps: ${rps} }] }`,
    '  - { name: calm, duration_sec: 2 }',
    '  - name: faults',
    `    duration_sec: ${most * (sceneSec + pauseSec) + spareSec}`,
    '    actions:',
    ...Object.entries(play).flatMap(([node, scenes]) => [
      '      - type: sequence',
      '        actions:',
      ...scenes.flatMap((scene) => [
        '          - type: parallel',
        '            actions:',
        ...scene.faults.map((fault) => `              - ${actionOf(node, fault)}`),
        `          - { type: wait, duration_sec: ${pauseSec} }`,
      ]),
    ]),
  ].join('\n');
}

function actionOf(node: string, fault: string): string {
  const [type = '', ...parameters] = fault.split(', ');
  return `{ ${[`type: ${type}`, `target: ${node}`, `duration_sec: ${sceneSec}`, ...parameters].join(', ')} }`;
}
