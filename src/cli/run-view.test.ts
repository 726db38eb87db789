import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../clock/virtual.ts';
import type { FaultEvent, FaultState, RunEvent } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import { runDir } from '../store/run-dir.ts';
import { manifestOf } from '../testing/run-files.ts';
import { planOf } from '../testing/plan-builder.ts';
import { progressOf } from '../testing/progress-builder.ts';
import { outputOf, Screen } from '../testing/screen.ts';
import { LiveLine } from './live-line.ts';
import { RunView } from './run-view.ts';

const plan = planOf([{ name: 'failure', startMs: 0, endMs: 4000 }], ['api']);

/** A view on a screen, with what an emergency would tell. */
async function onScreen() {
  const screen = new Screen();
  const interrupt = new AbortController();
  let report: (() => readonly string[]) | null = null;
  const stderr = outputOf(screen);
  const view = new RunView(
    {
      stderr,
      clock: new VirtualClock(),
      interrupt: interrupt.signal,
      atEmergency: (told) => {
        report = told;
      },
    },
    await LiveLine.on(stderr),
  );
  return { screen, interrupt, view, emergency: () => report?.() ?? [] };
}

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
  it('is told in a line that stays above the live figures, however often these are drawn again', async () => {
    const { screen, interrupt, view } = await onScreen();
    view.announce('r', plan);
    view.progress(progressOf(1000));
    interrupt.abort('SIGINT');
    view.progress(progressOf(2000));
    view.progress(progressOf(3000));
    const { lines } = screen;
    expect(lines.slice(0, 4)).toEqual([
      'r: failure 4s (4s in all)',
      'SIGINT: stopping, undoing faults (again: stop at once)',
      '',
      expect.stringMatching(/^phase +failure .* 0:01 left {2}· {2}run 0:03 of 0:04$/),
    ]);
    expect(lines.filter((line) => line.startsWith('phase'))).toHaveLength(1);
    view.close();
    expect(screen.lines.join('')).not.toContain('phase');
  });

  it('by a fault of orch itself, or after the run, adds nothing', async () => {
    const own = await onScreen();
    own.interrupt.abort(new Error('x'));
    const over = await onScreen();
    over.view.close();
    over.interrupt.abort('SIGINT');
    for (const { screen } of [own, over]) expect(screen.lines.join('')).toBe('');
  });
});

describe('a fault that could not be undone', () => {
  it.each([
    ['docker', 'docker start 0123456789ab'],
    ['process', 'nothing is left to do: embedded nodes end with orch'],
  ])('of the %s driver is told with what would repair it, also in an emergency', async (driver, repair) => {
    const { screen, view, emergency } = await onScreen();
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

  it('in the end is no longer told', async () => {
    const { view, emergency } = await onScreen();
    for (const state of ['requested', 'effective', 'undo_failed', 'verified'] as const)
      view.event(fault(state, 'docker'));
    expect(emergency()).toEqual([]);
  });
});

it('tells what is left of less than a second in tenths, and what was answered of what was due, where there is no terminal', async () => {
  let told = '';
  const stderr = { write: (text: string) => void (told += text), terminal: null, columns: 80, colour: false };
  const view = new RunView(
    {
      stderr,
      clock: new VirtualClock(),
      interrupt: new AbortController().signal,
      atEmergency: () => {},
    },
    await LiveLine.on(stderr),
  );
  view.progress({ ...progressOf(5000), phaseLeftMs: 0, runLeftMs: 250, targetRps: 3 });
  view.progress({ ...progressOf(10_000), phaseLeftMs: 4200, runLeftMs: 61_000 });
  expect(told.trim().split('\n')).toEqual([
    expect.stringContaining('failure (0s left, run 0.3s)  10.0 of 10.0 rps  '),
    expect.stringContaining('failure (4.2s left, run 1m 1s)'),
  ]);
});

describe('the first load', () => {
  it.each([
    [0, 1000.25, '+ 0.25 s'],
    [30_000, 1030.25, '− 29.75 s'],
  ])('at %i ms of the run says how the seconds of the analysis differ', async (runMs, wallSec, shift) => {
    const { screen, view } = await onScreen();
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
