import { describe, expect, it } from 'vitest';
import { RunningTally } from '../load/tally.ts';
import type { FaultEvent, FaultState, RunEvent } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Progress } from '../run/observer.ts';
import { runDir } from '../store/run-dir.ts';
import { manifestOf } from '../testing/run-files.ts';
import { Screen } from '../testing/screen.ts';
import { RunView } from './run-view.ts';

/** A view on a screen, with what an emergency would tell. */
function onScreen() {
  const screen = new Screen();
  const interrupt = new AbortController();
  let report: (() => readonly string[]) | null = null;
  const view = new RunView({
    stderr: { write: (text) => screen.write(text), terminal: screen, columns: 200, colour: false },
    interrupt: interrupt.signal,
    atEmergency: (told) => {
      report = told;
    },
  });
  return { screen, interrupt, view, emergency: () => report?.() ?? [] };
}

const progress = (runMs: number): Progress => ({
  phase: 'failure',
  phaseLeftMs: 1000,
  runMs,
  runLeftMs: 1000,
  targetRps: 50,
  live: {
    throughputRps: 50,
    goodputRps: 50,
    p50LatencyMs: 1,
    p95LatencyMs: 1,
    p99LatencyMs: 1,
    errorRate: 0,
    inFlight: 0,
    totalErrors: 0,
    totalDone: 50,
    lagP50Ms: 0,
    lagP99Ms: 0,
    totalDue: 50,
    recent: new RunningTally(),
    total: new RunningTally(),
  },
  broken: [],
});

function fault(state: FaultState, driver: string): FaultEvent {
  const undo = {
    driver,
    incarnation: `${'0123456789ab'.repeat(5)}@2026-01-01T00:00:00Z`,
    settle_ms: 5000,
    limit_ms: 60_000,
    how: 'starting it',
  };
  return {
    type: 'fault',
    id: 'f1',
    kind: 'kill',
    node: 'api',
    phase: 'failure',
    state,
    run_ms: 1000,
    wall_sec: 1001,
    ...(state === 'requested' ? { spec: { kind: 'kill' }, undo } : {}),
  };
}

describe('on a terminal, an interruption', () => {
  it('is told in a line that stays above the live figures, however often these are drawn again', () => {
    const { screen, interrupt, view } = onScreen();
    view.progress(progress(1000));
    interrupt.abort('SIGINT');
    view.progress(progress(2000));
    view.progress(progress(3000));
    expect(screen.lines).toEqual([
      'SIGINT: stopping, undoing faults (again: stop at once)',
      expect.stringContaining('3.0s  failure'),
      '',
    ]);
  });

  it('by a fault of orch itself, or after the run, adds nothing', () => {
    const own = onScreen();
    own.interrupt.abort(new Error('x'));
    const over = onScreen();
    over.view.close();
    over.interrupt.abort('SIGINT');
    for (const { screen } of [own, over]) expect(screen.lines.join('')).toBe('');
  });
});

describe('a fault that could not be undone', () => {
  it.each([
    ['docker', 'docker start 0123456789ab'],
    ['process', 'nothing is left to do: embedded nodes end with orch'],
  ])('of the %s driver is told with what would repair it, also in an emergency', (driver, repair) => {
    const { screen, view, emergency } = onScreen();
    view.event(fault('requested', driver));
    view.event(fault('effective', driver));
    view.event(fault('undo_failed', driver));
    expect(emergency()).toEqual([`api killed (${repair})`]);
    const manifest: Manifest = JSON.parse(manifestOf({ still_broken: ['api killed: port taken'] }));
    view.finish(manifest, runDir('runs', 'r'));
    const at = screen.lines.indexOf('STILL BROKEN: api killed: port taken');
    expect(screen.lines[at + 1]).toBe(`to repair api killed: ${repair}`);
    expect(screen.lines[at + 2]).toContain('`orch recover run` waits for it, up to five minutes');
  });

  it('in the end is no longer told', () => {
    const { view, emergency } = onScreen();
    for (const state of ['requested', 'effective', 'undo_failed', 'verified'] as const)
      view.event(fault(state, 'docker'));
    expect(emergency()).toEqual([]);
  });
});

describe('the first load', () => {
  it.each([
    [0, 1000.25, '+ 0.25 s'],
    [30_000, 1030.25, '− 29.75 s'],
  ])('at %i ms of the run says how the seconds of the analysis differ', (runMs, wallSec, shift) => {
    const { screen, view } = onScreen();
    const event: RunEvent = {
      type: 'load_changed',
      phase: 'a',
      rps: 50,
      nodes: ['api'],
      demand: 'load 50 rps',
      run_ms: runMs,
      wall_sec: wallSec,
    };
    view.event(event);
    view.event(event);
    const told = screen.lines.filter((line) => line.includes('load 50 rps over api'));
    expect(told.map((line) => line.includes(`(seconds in analysis and charts: these ${shift})`))).toEqual([
      true,
      false,
    ]);
  });
});
