import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../clock/virtual.ts';
import type { FaultState, RunEvent } from '../model/event.ts';
import { planOf } from '../testing/plan-builder.ts';
import { ToldRun } from '../testing/progress-builder.ts';
import { outputOf, Screen } from '../testing/screen.ts';
import { LiveFrames } from './live-frames.ts';
import { LiveLine } from './live-line.ts';
import { liveBlock } from './live-block.ts';
import { LiveFigureBook } from './live-figures.ts';
import { painter } from './style.ts';

const phases = [
  { name: 'warmup', startMs: 0, endMs: 4000 },
  { name: 'failure', startMs: 4000, endMs: 10_000 },
];

async function watched(columns = 80, nodes: readonly string[] = ['a', 'b', 'c']) {
  const clock = new VirtualClock();
  const screen = new Screen();
  screen.columns = columns;
  const output = outputOf(screen);
  const line = await LiveLine.on(output);
  const frames = new LiveFrames({ clock, output, line, plan: planOf(phases, nodes) });
  return { clock, screen, line, frames, told: new ToldRun() };
}

function kill(state: FaultState, runMs: number): RunEvent {
  const spec = state === 'requested' ? { spec: { kind: 'kill' as const } } : {};
  const common = { type: 'fault', id: 'f1', kind: 'kill', node: 'b', phase: 'failure' } as const;
  return { ...common, ...spec, state, run_ms: runMs, wall_sec: 0 };
}

/** The lines of a section, by its label. */
function section(screen: Screen, label: string): string[] {
  const from = screen.lines.findIndex((line) => line.startsWith(label));
  const rest = screen.lines.slice(from + 1);
  const next = rest.findIndex((line) => !line.startsWith(' '));
  return [screen.lines[from] ?? '', ...rest.slice(0, next)];
}

describe('the live view', () => {
  it('shows rates, latency, errors by kind, each node as it answers, and the faults in force', async () => {
    const { clock, screen, frames, told } = await watched();
    await clock.advance(1000);
    frames.progress({ ...told.progress(1000, [{ node: 'a', count: 10 }]), targetRps: null });
    expect(section(screen, 'rps')).toEqual([
      'rps       target      –  due      10.0  sent     10.0  done     10.0',
    ]);
    frames.event(kill('requested', 4000));
    frames.event(kill('effective', 4100));
    await clock.advance(5000);
    const second = told.progress(
      6000,
      [
        { node: 'a', count: 40, latencyMs: 3 },
        { node: 'b', count: 30, outcome: 'fail', error: 'ECONNREFUSED', latencyMs: 5 },
        { node: 'c', count: 20 },
        { node: 'c', count: 5, outcome: 'unknown', error: 'timeout', latencyMs: 50 },
        { node: 'c', count: 5, outcome: 'dropped', error: 'dropped' },
      ],
      7,
    );
    frames.progress({ ...second, targetRps: 21 });
    expect(screen.lines).toEqual([
      '',
      'phase     failure  ━━━━━━━━━───────────────────  0:04 left  ·  run 0:06 of 0:10',
      'rps       target   21.0  due      21.4  sent     20.4  done     19.0',
      'latency   p50   3.00 ms  p95   50.0 ms  p99   50.0 ms  in flight   7',
      'errors    40.0%   40 in all  ECONNREFUSED 30  timeout 5  dropped 5',
      'nodes     ● a  ok           8.0 ok/s',
      '          ● b  down         0.0 ok/s      6.0 errors/s',
      '          ● c  failing      4.0 ok/s      2.0 errors/s',
      'faults    b  killed for 0:01',
      '',
    ]);
  });

  it('moves its clocks a few times a second, whether or not anything is told', async () => {
    const { clock, screen, frames, told } = await watched();
    await clock.advance(1000);
    frames.progress(told.progress(1000, []));
    const seen = new Set<string>();
    for (let frame = 0; frame < 8; frame += 1) {
      await clock.advance(250);
      seen.add(section(screen, 'phase')[0] ?? '');
    }
    expect(seen.size).toBeGreaterThan(4);
    expect([...seen].at(-1)).toMatch(/0:01 left {2}· {2}run 0:03 of 0:10$/);
    await clock.advance(7000);
    expect(section(screen, 'phase')[0]).toContain('ending');
    frames.close();
    const last = screen.lines;
    await clock.advance(2000);
    expect(screen.lines).toEqual(last);
  });

  it('calls a node down that a fault has taken down and that is silent, and one that is only silent quiet', async () => {
    const { clock, screen, frames, told } = await watched();
    frames.event(kill('requested', 0));
    frames.event(kill('effective', 0));
    await clock.advance(1000);
    frames.progress(told.progress(1000, [{ node: 'a', count: 1 }]));
    const states = () => section(screen, 'nodes').map((line) => /[●○] \w +\w+/.exec(line)?.[0]);
    expect(states()).toEqual(['● a  ok', '● b  down', '○ c  quiet']);
    frames.event(kill('undo_requested', 1000));
    frames.draw();
    expect(section(screen, 'faults')[0]).toContain('killed for 0:01, being undone');
    frames.event(kill('undone', 1100));
    frames.draw();
    expect(section(screen, 'faults')[0]).toContain('none');
    expect(states()[1]).toBe('○ b  quiet');
  });

  it.each([40, 80, 120])('fits into %i columns, with many nodes and long names', async (columns) => {
    const names = Array.from({ length: 40 }, (_, nth) => `service-of-some-length-${nth}`);
    const { clock, screen, frames, told } = await watched(columns, names);
    await clock.advance(1000);
    frames.progress(
      told.progress(1000, [{ node: 'service-of-some-length-39', count: 1, outcome: 'fail', error: 'x' }]),
    );
    expect(Math.max(...screen.lines.map((line) => line.length))).toBeLessThan(columns);
    expect(screen.lines.length).toBeLessThan(20);
    const shown = section(screen, 'nodes').join('\n');
    expect(shown).toContain('service-of-some-length-39');
    expect(shown).toMatch(/\+ \d+ more/);
  });

  it.each([33, 60, 80])('shows every figure whole in %i columns, apart from its name', async (columns) => {
    const { clock, screen, frames, told } = await watched(columns);
    await clock.advance(1000);
    frames.progress(told.progress(1000, [{ node: 'a', count: 10 }], 19_895));
    const shown = [...section(screen, 'rps'), ...section(screen, 'latency')];
    for (const whole of [/sent +19905/, /done +10\.0/, /p99 +1\.00 ms/, /in flight 19895/])
      expect(shown.filter((line) => whole.test(line))).toHaveLength(1);
  });

  it('leaves nothing of itself behind where the terminal becomes narrower, and then wider', async () => {
    const { clock, screen, line, frames, told } = await watched(120);
    line.log('before');
    await clock.advance(1000);
    for (const columns of [50, 120, 33, 80]) {
      frames.progress(told.progress(1000, [{ node: 'a', count: 1 }]));
      screen.resize(columns);
      frames.draw();
      line.log(`at ${columns}`);
    }
    const logged = screen.lines.filter((text) => /^(before|at )/.test(text));
    expect(logged).toEqual(['before', 'at 50', 'at 120', 'at 33', 'at 80']);
    expect(screen.lines.slice(0, 5)).toEqual(logged);
    expect(screen.lines.filter((text) => text.startsWith('latency'))).toHaveLength(1);
    line.end();
    expect(screen.lines.filter((text) => text !== '')).toEqual(logged);
  });

  it('looks the same with colours and without', () => {
    const figures = new LiveFigureBook().see(
      new ToldRun().progress(1000, [{ node: 'a', count: 9, outcome: 'fail', error: 'http_503' }]),
    );
    const nodes = ['a', 'b'].map((name) => ({ name, figure: figures.nodes.get(name), isTakenDown: false }));
    const fault = {
      id: 'f1',
      kind: 'kill',
      node: 'a',
      participle: 'killed',
      sinceMs: 0,
      isEnding: true,
    } as const;
    const phase = { name: 'failure', lengthMs: 1000, leftMs: 300 };
    const state = { phase, runMs: 700, endMs: 1000, figures, nodes, faults: [fault] };
    const block = (colour: boolean) => liveBlock(state, 60, painter(outputOf(new Screen(), colour)));
    expect(block(true)).toContain('\x1b[31m');
    expect(stripVTControlCharacters(block(true))).toBe(block(false));
  });

  it('takes less than one percent of a processor at four frames a second', async () => {
    const { clock, frames, told } = await watched(
      120,
      Array.from({ length: 16 }, (_, nth) => `node-${nth}`),
    );
    const perSecondMs: number[] = [];
    for (let second = 1; second <= 60; second += 1) {
      const progress = told.progress(
        second * 1000,
        Array.from({ length: 16 }, (_, nth) => ({ node: `node-${nth}`, count: 10 + ((second * nth) % 7) })),
      );
      const before = process.cpuUsage();
      frames.progress(progress);
      await clock.advance(1000);
      const { user, system } = process.cpuUsage(before);
      perSecondMs.push((user + system) / 1000);
    }
    frames.close();
    const median = perSecondMs.sort((a, b) => a - b)[30] ?? Infinity;
    expect(median).toBeLessThan(10);
  });
});
