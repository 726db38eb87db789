import { describe, expect, it } from 'vitest';
import { OrchError } from '../model/errors.ts';
import { demandText } from '../model/demand.ts';
import type { Mode, NodeSpec } from '../model/node.ts';
import { scenario } from '../testing/memory-run.ts';
import { inferMode } from './infer-mode.ts';
import { makePlan } from './make-plan.ts';
import { choicesOf } from './plan.ts';
import { labelsToAsk, targetsOf } from './targets.ts';

const nodes: readonly NodeSpec[] = [
  { name: 'web-1', kind: 'http', url: 'http://127.0.0.1:1', managed: true },
  { name: 'web-2', kind: 'http', url: 'http://127.0.0.1:2', managed: true },
  { name: '127.0.0.1:3', kind: 'http', url: 'http://127.0.0.1:3', managed: false },
  { name: 'cache-1', kind: 'redis', url: 'redis://127.0.0.1:4', managed: true },
];

function plan(actions: readonly unknown[], mode: Mode = 'http') {
  const made = scenario([{ name: 'only', duration_sec: 10, actions }]);
  return makePlan({
    scenario: made,
    mode,
    nodes,
    seed: 1,
    blastRadius: {},
    where: (path) => `x.yaml:${path.join('.')}`,
  });
}

function orders(actions: readonly unknown[]): string[] {
  return plan(actions).steps.map(({ order }) => {
    if (order.type === 'inject') return `${order.id}: ${order.spec.kind} ${order.node}`;
    if (order.type === 'undo') return `${order.id}: undo`;
    if (order.type === 'set_load')
      return `${demandText(order.load.demand)} → ${order.load.nodes.map(({ name }) => name).join(', ')}`;
    return order.type;
  });
}

function mistakes(actions: readonly unknown[], mode: Mode = 'http'): readonly string[] {
  try {
    plan(actions, mode);
  } catch (error) {
    if (error instanceof OrchError && error.code === 'plan-invalid') return error.details;
    throw error;
  }
  return [];
}

const load = { type: 'start_load', target: 'all_nodes', rps: 50 };

describe('a plan', () => {
  it('is the scenario as timed steps', () => {
    const made = scenario([
      { name: 'one', duration_sec: 1.5, actions: [load] },
      { name: 'two', duration_sec: 2, actions: [{ type: 'kill_node', target: 'web-1' }] },
    ]);
    const { steps, endMs, disturbs, phases } = makePlan({
      scenario: made,
      mode: 'http',
      nodes,
      seed: 1,
      blastRadius: {},
      where: String,
    });
    expect(steps.map(({ atMs, order }) => [atMs, order.type])).toEqual([
      [0, 'start_phase'],
      [0, 'set_load'],
      [1500, 'end_phase'],
      [1500, 'start_phase'],
      [1500, 'inject'],
      [3500, 'end_phase'],
    ]);
    expect({ endMs, disturbs, phases: phases.length }).toEqual({ endMs: 3500, disturbs: true, phases: 2 });
  });

  it.each([
    ['kill_node', 'kill', ['f1: undo']],
    ['stop_node', 'stop', ['f1: undo']],
    ['pause_node', 'pause', ['f1: undo', 'f2: restart web-1', 'f2: undo']],
  ])(
    'takes restart_node after %s as its undo; a node that only stood still is restarted besides',
    (type, kind, back) => {
      const planned = orders([load, { type, target: 'web-1' }, { type: 'restart_node', target: 'web-1' }]);
      expect(planned.slice(2, -1)).toEqual([`f1: ${kind} web-1`, ...back]);
    },
  );

  it('takes restart_node of a node that runs as a restart, and unpause_node as the undo of a pause', () => {
    expect(orders([load, { type: 'restart_node', target: 'web-1' }]).slice(2, -1)).toEqual([
      'f1: restart web-1',
      'f1: undo',
    ]);
    expect(
      orders([
        load,
        { type: 'pause_node', target: 'web-1' },
        { type: 'unpause_node', target: 'web-1' },
      ]).slice(2, -1),
    ).toEqual(['f1: pause web-1', 'f1: undo']);
  });

  it('goes on with what continue_load leaves out; stop_load of one node leaves the others their share', () => {
    expect(
      orders([
        { type: 'start_load', target: 'web-1', rps: 10 },
        { type: 'continue_load', rps: 20 },
        { type: 'continue_load', target: 'all_nodes' },
        { type: 'stop_load', target: 'web-2' },
        { type: 'stop_load' },
      ]).filter((order) => order.includes('rps') || order === 'stop_load'),
    ).toEqual([
      '10 rps → web-1',
      '20 rps → web-1',
      '20 rps → web-1, web-2, 127.0.0.1:3',
      '13.33 rps → web-1, 127.0.0.1:3',
      'stop_load',
    ]);
  });

  it('may disturb a node that is not of the kind it loads: what depends on a cache is tested by killing the cache', () => {
    expect(orders([load, { type: 'kill_node', target: 'cache-1' }])).toContain('f1: kill cache-1');
  });

  describe('of targets that name more than one node', () => {
    const kill = (target: unknown) => ({ type: 'kill_node', target });
    const chosen = (phases: readonly (readonly unknown[])[], seed = 1) => {
      const many = Array.from({ length: 9 }, (_, index) => ({ ...nodes[0], name: `n${index}` }) as NodeSpec);
      const made = scenario(
        phases.map((actions, index) => ({ name: `phase ${index}`, duration_sec: 1, actions })),
      );
      const planned = makePlan({
        scenario: made,
        mode: 'http',
        nodes: many,
        seed,
        blastRadius: {},
        where: String,
      });
      return choicesOf(planned).map(
        ({ phase, order }) => `${phase}: ${order.nodes.map(({ name }) => name).join(' ')}`,
      );
    };
    const one = { type: 'restart_node', target: { random: 1 } };

    it('acts on each of them, in the order of the config, and says which and why', () => {
      const planned = plan([load, kill({ service: ['web-*', 'cache-1'], except: 'web-2' })]);
      expect(choicesOf(planned)).toEqual([
        {
          atMs: 0,
          phase: 'only',
          order: {
            type: 'choose',
            action: 'kill_node',
            nodes: [nodes[0], nodes[3]],
            from: [nodes[0], nodes[3]],
            why: 'web-*, cache-1, except web-2: 2 nodes',
            rolling: false,
          },
        },
      ]);
      expect(orders([load, kill(['cache-1', 'web-*'])]).slice(2, -1)).toEqual([
        'choose',
        'f1: kill web-1',
        'f2: kill web-2',
        'f3: kill cache-1',
      ]);
    });

    it('chooses nothing where a single name, or all_nodes, says it', () => {
      expect(choicesOf(plan([load, kill('web-1')]))).toEqual([]);
    });

    it('refuses one that no node matches, with its place', () => {
      expect(
        mistakes([load, kill('db-*'), kill({ random: 9 }), kill({ service: 'web-1', kind: 'redis' })]),
      ).toEqual([
        'x.yaml:phases.0.actions.1: no node matches `db-*`. Known: web-1, web-2, 127.0.0.1:3, cache-1',
        'x.yaml:phases.0.actions.2: random 9 is more than 3 nodes of all_nodes',
        'x.yaml:phases.0.actions.3: web-1, kind redis: no node is left (web-1 is a http node)',
      ]);
    });

    it('skips one where that is allowed: it is warned of and recorded', () => {
      const skipped = { type: 'stop_load', target: { service: 'db-*', on_no_match: 'skip' } };
      const planned = plan([load, kill({ service: 'db-*', on_no_match: 'skip' }), skipped]);
      expect(planned.warnings).toEqual([
        expect.stringContaining('x.yaml:phases.0.actions.1: kill_node is skipped: no node matches `db-*`'),
        expect.stringContaining('x.yaml:phases.0.actions.2: stop_load is skipped: no node matches `db-*`'),
      ]);
      expect(choicesOf(planned).map(({ order }) => [order.action, order.nodes])).toEqual([
        ['kill_node', []],
        ['stop_load', []],
      ]);
      expect(planned.steps.map(({ order }) => order.type)).not.toContain('stop_load');
      expect(planned.disturbs).toBe(false);
    });

    it('does not skip a mistake in what is to be spared', () => {
      expect(mistakes([load, kill({ except: 'web-9', on_no_match: 'skip' })])).toEqual([
        expect.stringContaining('there is no node `web-9`; did you mean `web-1`?'),
      ]);
    });

    it('draws by the seed: the same each time, anew for each action', () => {
      const actions = [[one, one], [one]];
      expect(chosen(actions)).toEqual(chosen(actions));
      const bySeed = Array.from({ length: 20 }, (_, seed) => chosen(actions, seed));
      expect(new Set(bySeed.map(([first]) => first)).size).toBeGreaterThan(3);
      // Three draws of one of nine nodes: that two are the same is chance, and not in every seed.
      const pairs = bySeed.map((lines) => lines.map((line) => line.split(': ')[1]));
      expect(pairs.some(([a, b]) => a !== b) && pairs.some(([a, , c]) => a !== c)).toBe(true);
    });

    it('leaves draws as they were when actions that draw nothing, and later ones, come or go', () => {
      for (let seed = 0; seed < 20; seed += 1) {
        const [first, second] = chosen([[one], [one]], seed);
        const edited = chosen(
          [
            [load, { type: 'restart_node', target: 'n1' }, one, one],
            [load, one, one],
          ],
          seed,
        );
        expect([edited[0], edited[2]]).toEqual([first, second]);
      }
    });

    it('draws anew each time that a group is repeated, and knows the targets in groups', () => {
      const kill = { type: 'kill_node', target: { random: 1 }, duration_sec: 0.01 };
      const repeated = { type: 'repeat', count: 20, every_sec: 0.04, actions: [kill] };
      const drawn = chosen([[{ type: 'sequence', actions: [repeated] }]]);
      expect(drawn).toHaveLength(20);
      expect(new Set(drawn).size).toBeGreaterThan(4);
      const actions = [{ type: 'parallel', actions: [{ ...kill, target: { label: { zone: 'a' } } }] }];
      const targets = targetsOf(scenario([{ name: 'a', duration_sec: 1, actions }]));
      expect(labelsToAsk(targets)).toEqual(['zone']);
    });

    it('takes load from some of the nodes, and goes to nodes of one kind', () => {
      expect(
        orders([
          { ...load, target: { service: 'web-*' } },
          { type: 'stop_load', target: ['web-1'] },
        ]),
      ).toEqual(['start_phase', 'choose', '50 rps → web-1, web-2', 'choose', '25 rps → web-2', 'end_phase']);
      expect(mistakes([{ ...load, target: { all: true } }])).toEqual([
        expect.stringContaining('web-1 (http) and cache-1 (redis) are of two kinds: load each by an action'),
      ]);
    });
  });

  describe('of several loads', () => {
    const timedLoads = (actions: readonly unknown[]) =>
      plan(actions).steps.flatMap(({ atMs, order }) => {
        if (order.type === 'set_load') {
          const { name, demand, sinceMs } = order.load;
          return [`${atMs} ${name}: ${demandText(demand)} since ${sinceMs}`];
        }
        return order.type === 'stop_load' ? [`${atMs} ${order.load} off`] : [];
      });
    const users = { type: 'start_load', name: 'users', target: 'web-2', vus: 3, think_sec: 0.5 };

    it('runs each by its name, changes one without the others, and ends one or all', () => {
      expect(
        timedLoads([
          load,
          users,
          { type: 'continue_load', name: 'users', vus: 6, at_sec: 2, duration_sec: 3 },
          { type: 'stop_load', at_sec: 6, name: 'load' },
          { type: 'stop_load', at_sec: 8 },
        ]),
      ).toEqual([
        '0 load: 50 rps since 0',
        '0 users: 3 users, thinking 0.5 s since 0',
        '2000 users: 6 users, thinking 0.5 s since 2000',
        '5000 users: 3 users, thinking 0.5 s since 0',
        '6000 load off',
        '8000 users off',
      ]);
    });

    it('lets a rate go on where it was when its nodes change, and ramp until the phase or the action ends', () => {
      const ramp = { from: 10, to: 110 };
      expect(
        timedLoads([
          { ...load, rps: ramp, target: ['web-1', 'web-2'], at_sec: 2 },
          { type: 'stop_load', target: 'web-1', at_sec: 4 },
          { type: 'continue_load', target: 'web-1', at_sec: 5, rps: ramp, duration_sec: 1 },
        ]),
      ).toEqual([
        '2000 load: 10 to 110 rps over 8 s since 2000',
        '4000 load: 5 to 55 rps over 8 s since 2000',
        '5000 load: 10 to 110 rps over 1 s since 5000',
        '6000 load: 5 to 55 rps over 8 s since 2000',
      ]);
    });

    it('keeps what is left out, and refuses what belongs to the other model', () => {
      const poisson = { ...load, arrivals: 'poisson' };
      expect(
        timedLoads([
          poisson,
          users,
          { type: 'continue_load', rps: 10, at_sec: 1 },
          { type: 'continue_load', name: 'users', vus: 5, at_sec: 2 },
          { type: 'continue_load', name: 'users', think_sec: 1, at_sec: 3 },
        ]).slice(2),
      ).toEqual([
        '1000 load: 10 rps, Poisson since 1000',
        '2000 users: 5 users, thinking 0.5 s since 2000',
        '3000 users: 5 users, thinking 1 s since 3000',
      ]);
      const continued = (more: object) => mistakes([load, users, { type: 'continue_load', ...more }]);
      expect(continued({ think_sec: 1 })).toEqual([expect.stringContaining('`think_sec` belongs to `vus`')]);
      expect(continued({ name: 'users', arrivals: 'poisson' })).toEqual([
        expect.stringContaining('`arrivals` belongs to `rps`'),
      ]);
    });

    it('may load nodes of the other kind beside', () => {
      expect(mistakes([load, { type: 'start_load', name: 'cache', target: 'cache-1', rps: 5 }])).toEqual([]);
    });
  });

  it('has the nodes in it that are asked something or cut off from, and those that these replicate', () => {
    const two = { ...nodes[3], name: 'cache-2', replicaOf: 'cache-1' } as NodeSpec;
    const ask = (node: string) => ({ type: 'redis_command', node, command: ['PING'] });
    const planned = (made: ReturnType<typeof scenario>) =>
      makePlan({
        scenario: made,
        mode: 'http',
        nodes: [...nodes.slice(0, 1), ...nodes.slice(3), two],
        seed: 1,
        blastRadius: {},
        where: (path) => path.join('.'),
      });
    const phases = [{ name: 'only', duration_sec: 10, actions: [load] }];
    const names = (more: object) => planned(scenario(phases, more)).nodes.map(({ name }) => name);
    expect(names({ rollbacks: [ask('cache-2')] })).toEqual(['web-1', 'cache-2', 'cache-1']);
    const parted = { type: 'partition', target: 'web-1', from: ['cache-2'] };
    const cut = scenario([{ name: 'only', duration_sec: 10, actions: [load, parted] }]);
    expect(planned(cut).nodes.map(({ name }) => name)).toEqual(['web-1', 'cache-2', 'cache-1']);
    const check = { name: 'it answers', redis: { node: 'cache-1' } };
    expect(names({ steady_state: [check] })).toEqual(['web-1', 'cache-1']);
    const wrong = scenario([{ name: 'only', duration_sec: 10, actions: [load, ask('cache-9')] }], {
      rollbacks: [{ ...ask('cache-1'), command: ['REPLICAOF', { host_of: 'cache-8' }, 6379] }],
      steady_state: [{ ...check, redis: { node: 'cache-7' } }],
    });
    let told: readonly string[] = [];
    try {
      planned(wrong);
    } catch (error) {
      if (error instanceof OrchError) told = error.details;
    }
    expect(told).toEqual([
      expect.stringMatching(/^phases\.0\.actions\.1: there is no node `cache-9`; did you mean `cache-/),
      expect.stringMatching(/^steady_state\.0: there is no node `cache-7`/),
      expect.stringMatching(/^rollbacks\.0: there is no node `cache-8`/),
    ]);
  });

  it('refuses, all mistakes at once and each with its place, what cannot be carried out', () => {
    expect(
      mistakes([
        { type: 'continue_load', target: 'all_nodes' },
        { type: 'kill_node', target: 'web-3' },
        { type: 'kill_node', target: '127.0.0.1:3' },
        { type: 'unpause_node', target: 'web-1' },
        { type: 'kill_node', target: 'web-1' },
        { type: 'pause_node', target: 'web-1' },
        { type: 'partition', target: 'web-2', from: ['cache-9'] },
      ]),
    ).toEqual([
      'x.yaml:phases.0.actions.0: continue_load: it has neither `rps` nor `vus`, and no earlier action gave one',
      'x.yaml:phases.0.actions.1: there is no node `web-3`; did you mean `web-1`? Known: all_nodes, web-1, web-2, 127.0.0.1:3, cache-1',
      expect.stringContaining('127.0.0.1:3 has no service name in config.yaml'),
      'x.yaml:phases.0.actions.3: cannot unpause web-1: no earlier action paused it',
      'x.yaml:phases.0.actions.5: cannot pause web-1: it is down since `only` (kill, x.yaml:phases.0.actions.4); restart it first',
      expect.stringMatching(
        /^x\.yaml:phases\.0\.actions\.6: there is no node `cache-9`; did you mean `cache-1`/,
      ),
    ]);
  });

  it('numbers phases that share a name, so that rows and events tell them apart', () => {
    const names = ['a', 'a (2)', 'b', 'a', 'a'];
    const { phases, steps } = makePlan({
      scenario: scenario(names.map((name) => ({ name, duration_sec: 1, actions: [load] }))),
      mode: 'http',
      nodes,
      seed: 1,
      blastRadius: {},
      where: String,
    });
    const labels = ['a', 'a (2)', 'b', 'a (3)', 'a (4)'];
    expect(phases.map(({ name }) => name)).toEqual(labels);
    expect([...new Set(steps.map(({ phase }) => phase))]).toEqual(labels);
    expect(steps.flatMap(({ order }) => ('phase' in order ? [order.phase] : []))).toEqual(
      labels.flatMap((label) => [label, label]),
    );
  });

  describe('with a blast radius', () => {
    const kill = (target: string) => ({ type: 'kill_node', target });
    const problemsOf = (limits: object, actions: readonly unknown[], blastRadius = {}) => {
      const phases = [{ name: 'only', duration_sec: 1, actions: [load, ...actions] }];
      const made = scenario(phases, { blast_radius: limits });
      try {
        makePlan({
          scenario: made,
          mode: 'http',
          nodes,
          seed: 1,
          blastRadius,
          where: (path) => path.join('.'),
        });
      } catch (error) {
        if (error instanceof OrchError) return error.details;
      }
      return [];
    };

    it('refuses what would take down more at once, and says what is down already', () => {
      const both = [kill('web-1'), kill('web-2')];
      expect(problemsOf({ max_down: 2 }, both)).toEqual([]);
      expect(problemsOf({ max_down: 1 }, both)).toEqual([
        'phases.0.actions.2: cannot kill web-2: 2 nodes would be down at once (web-1 is down); blast_radius.max_down is 1',
      ]);
      const oneByOne = [kill('web-1'), { type: 'restart_node', target: 'web-1' }, kill('web-2')];
      expect(problemsOf({ max_down: 1 }, oneByOne)).toEqual([]);
    });

    it('counts the healthy ones of the same kind that are in the run', () => {
      expect(problemsOf({ min_healthy: 2 }, [kill('web-1')])).toEqual([]);
      expect(problemsOf({ min_healthy: 2 }, [kill('web-1'), kill('web-2')])).toEqual([
        'phases.0.actions.2: cannot kill web-2: 1 http node would be left (web-1 is down); blast_radius.min_healthy is 2',
      ]);
      expect(problemsOf({ min_healthy: 1 }, [kill('cache-1')])).toEqual([
        'phases.0.actions.1: cannot kill cache-1: 0 redis nodes would be left; blast_radius.min_healthy is 1',
      ]);
    });

    it('takes the stricter of the scenario’s and the config’s', () => {
      const both = [kill('web-1'), kill('web-2')];
      expect(problemsOf({ max_down: 2 }, both, { max_down: 1 })).toHaveLength(1);
      expect(problemsOf({ max_down: 1 }, both, { max_down: 2 })).toHaveLength(1);
    });
  });

  it('says when each fault is to be undone: by an action, or by the end', () => {
    const made = scenario([
      { name: 'a', duration_sec: 2, actions: [load, { type: 'kill_node', target: 'web-1' }] },
      { name: 'b', duration_sec: 2, actions: [{ type: 'pause_node', target: 'web-2' }] },
      { name: 'c', duration_sec: 2, actions: [{ type: 'restart_node', target: 'web-1' }] },
    ]);
    const { steps } = makePlan({
      scenario: made,
      mode: 'http',
      nodes,
      seed: 1,
      blastRadius: {},
      where: String,
    });
    const injected = steps.flatMap(({ order }) =>
      order.type === 'inject' ? [[order.node, order.undoByMs]] : [],
    );
    expect(injected).toEqual([
      ['web-1', 4000],
      ['web-2', 6000],
    ]);
  });

  it('warns of what is allowed but probably not meant', () => {
    expect(plan([{ type: 'kill_node', target: 'web-1' }]).warnings).toEqual([
      expect.stringContaining('while no load is running'),
      expect.stringContaining('no phase starts load'),
    ]);
  });
});

describe('the mode', () => {
  it('follows from the nodes that are named', () => {
    const named = (target: unknown) =>
      inferMode(scenario([{ name: 'a', duration_sec: 1, actions: [{ type: 'kill_node', target }] }]), nodes);
    expect([named('cache-1'), named('web-1'), named('all_nodes')]).toEqual(['redis', 'http', 'http']);
    const redis = ['cache-*', ['cache-1'], { kind: 'redis', random: 1 }, { role: 'master' }];
    expect(redis.map(named)).toEqual(redis.map(() => 'redis'));
    const http = ['*-1', ['web-1', 'cache-1'], { random: 1 }, { except: 'web-1' }, { all: true }];
    expect(http.map(named)).toEqual(http.map(() => 'http'));
  });
});

describe('times of their own', () => {
  const timed = (phases: readonly unknown[]) =>
    makePlan({
      scenario: scenario(phases),
      mode: 'http',
      nodes,
      seed: 1,
      blastRadius: {},
      where: (path) => `x.yaml:${path.join('.')}`,
    });
  const shown = (phases: readonly unknown[]) =>
    timed(phases).steps.flatMap(({ atMs, phase, order }) => {
      if (order.type === 'inject') return [`${atMs} ${phase} ${order.id} ${order.spec.kind}`];
      if (order.type === 'undo') return [`${atMs} ${phase} ${order.id} undone`];
      if (order.type === 'set_load') return [`${atMs} ${phase} ${demandText(order.load.demand)}`];
      return order.type === 'stop_load' ? [`${atMs} ${phase} no load`] : [];
    });
  const load = { type: 'start_load', target: 'all_nodes', rps: 50 };

  it('order the actions, whatever the order in the file, and end what has a duration', () => {
    const phases = [
      {
        name: 'one',
        duration_sec: 10,
        actions: [
          { type: 'latency', target: 'web-1', latency_ms: 100, at_sec: 4, duration_sec: 2 },
          load,
          { type: 'kill_node', target: 'web-2', at_sec: 2, duration_sec: 10 },
        ],
      },
      { name: 'two', duration_sec: 10 },
    ];
    expect(shown(phases)).toEqual([
      '0 one 50 rps',
      '2000 one f1 kill',
      '4000 one f2 latency',
      '6000 one f2 undone',
      '12000 two f1 undone',
    ]);
    const kill = timed(phases).steps.find(({ order }) => order.type === 'inject')?.order;
    expect(kill).toMatchObject({ spec: { kind: 'kill' }, undoByMs: 12_000 });
  });

  it('give load back what it was before, unless it was changed meanwhile', () => {
    const burst = (more: readonly unknown[]) => [
      {
        name: 'one',
        duration_sec: 10,
        actions: [load, { ...load, rps: 200, at_sec: 2, duration_sec: 3 }, ...more],
      },
    ];
    expect(shown(burst([]))).toEqual(['0 one 50 rps', '2000 one 200 rps', '5000 one 50 rps']);
    expect(shown(burst([{ ...load, rps: 10, at_sec: 3 }]))).toEqual([
      '0 one 50 rps',
      '2000 one 200 rps',
      '3000 one 10 rps',
    ]);
    const pause = { type: 'stop_load', at_sec: 2, duration_sec: 3 };
    expect(shown([{ name: 'one', duration_sec: 10, actions: [load, pause] }])).toEqual([
      '0 one 50 rps',
      '2000 one no load',
      '5000 one 50 rps',
    ]);
  });

  it('that lie beyond the phase are a mistake; a duration beyond the run’s end is only said', () => {
    const one = (action: object) => [{ name: 'one', duration_sec: 10, actions: [load, action] }];
    expect(() => timed(one({ type: 'kill_node', target: 'web-1', at_sec: 10 }))).toThrow(
      expect.objectContaining({
        details: ['x.yaml:phases.0.actions.1: at_sec is 10, but the phase lasts 10 s'],
      }),
    );
    expect(timed(one({ type: 'kill_node', target: 'web-1', at_sec: 5, duration_sec: 6 })).warnings).toEqual([
      'x.yaml:phases.0.actions.1: it would last 6 s, but the run ends before that',
    ]);
  });
});

describe('a target that names no node', () => {
  it('is told how all of them are named, where that is what it wants', () => {
    expect(mistakes([{ type: 'pause_node', target: 'all' }])).toEqual([
      expect.stringContaining(
        'no node `all`; those of the run’s mode are `all_nodes`, all that there are `{ all: true }`',
      ),
    ]);
  });
});

describe('the names that a node cannot look up any more', () => {
  const lost = (...peers: string[]) => [{ type: 'dns_failure', target: 'web-1', peers }];

  it('are those of nodes, or of other hosts where they have a dot', () => {
    expect(orders(lost('web-2', 'db.internal', 'db.')).slice(1, -1)).toEqual(['f1: dns_failure web-1']);
    expect(mistakes(lost('web-22'))).toEqual([
      'x.yaml:phases.0.actions.0: there is no node `web-22`; did you mean `web-2`? Known: all_nodes, web-1, web-2, 127.0.0.1:3, cache-1; a host that is no node is written with a dot, as `db.internal` or `db.`',
    ]);
  });
});

describe('several faults of one node', () => {
  const latency = { type: 'latency', target: 'web-1', latency_ms: 100 };
  const loss = { type: 'loss', target: 'web-1', share: 0.1 };

  it('may be in force at once where each leaves it running, and are ended one by one', () => {
    expect(
      orders([latency, loss, { type: 'end_fault', fault: 'latency', target: 'web-1' }]).slice(1, -1),
    ).toEqual(['f1: latency web-1', 'f2: loss web-1', 'f1: undo']);
  });

  it.each([
    ['the same twice', [latency, latency], /latency is in force on it since `only`/],
    [
      'the same again before its time is over',
      [
        { ...latency, duration_sec: 5 },
        { ...latency, at_sec: 3 },
      ],
      /cannot inject latency into web-1: latency is in force on it since `only` \(x\.yaml:phases\.0\.actions\.\d\), until 5 s by its duration_sec; shorten that, or begin later$/,
    ],
    [
      'a kill meanwhile',
      [latency, { type: 'kill_node', target: 'web-1' }],
      /cannot kill web-1: latency is in force/,
    ],
    [
      'on a node that is down',
      [{ type: 'kill_node', target: 'web-1' }, latency],
      /it is down since `only` \(kill, x\.yaml:phases\S+\); restart it first/,
    ],
    [
      'a restart meanwhile',
      [latency, { type: 'restart_node', target: 'web-1' }],
      /cannot restart web-1: latency is in/,
    ],
    [
      'an end without a beginning',
      [{ type: 'end_fault', fault: 'loss', target: 'web-1' }],
      /cannot end loss of web-1: no earlier/,
    ],
  ])('are refused: %s', (_, actions, message) => {
    expect(mistakes(actions)).toEqual([expect.stringMatching(message)]);
  });
});
