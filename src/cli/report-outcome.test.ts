import { expect, test } from 'vitest';
import type { Manifest } from '../model/manifest.ts';
import { OrchError } from '../model/errors.ts';
import { manifestOf } from '../testing/run-files.ts';
import { reportOutcome } from './report-outcome.ts';

const counts = { due: 5, ok: 5, fail: 0, unknown: 0, dropped: 0 };
const complete = { status: 'complete', reason: null, error: undefined, conclusive: true } as const;

/** What is said of a run with that manifest and that error. */
function told(change: Partial<Manifest>, error?: OrchError, doubts: readonly string[] = []): string[] {
  let text = '';
  const stderr = { write: (more: string) => void (text += more), terminal: null, columns: 80, colour: false };
  const manifest: Manifest = JSON.parse(manifestOf({ counts, ...change }));
  const outcome = {
    ...complete,
    error,
    doubts,
    undoFailures: manifest.still_broken,
    lostSteadyState: [],
    correctness: null,
    behindSec: 0,
  };
  reportOutcome({ stderr }, { manifest, outcome });
  return text.trimEnd().split('\n');
}

test('a run that passes has nothing to be told', () => {
  expect(told({})).toEqual(['']);
});

test('what keeps a run from passing is told with its code', () => {
  expect(told({ conclusive: false, counts: { ...counts, due: 0, ok: 0 } })).toEqual([
    'error: no request was due: nothing can be concluded from this run [no-data]',
  ]);
  const gone = 'kill of a: container 1f2e of a is gone';
  const late = 'shop.yaml:12:9 was left out: what goes before it in its group took until the run’s end';
  expect(told({ conclusive: false }, undefined, [gone])[0]).toBe(
    `error: nothing can be concluded from this run: ${gone} [fault-ineffective]`,
  );
  expect(told({ conclusive: false }, undefined, [gone, late]).slice(0, 2)).toEqual([
    `error: nothing can be concluded from this run: ${gone} (and 1 more, see below) [fault-ineffective]`,
    `  ${late}`,
  ]);
  const broken = ['a killed: refused', 'b paused: refused'];
  expect(told({ still_broken: broken })).toEqual([
    'error: 2 faults could not be undone [undo-failed]',
    ...broken.map((text) => `  ${text}`),
  ]);
});

test('a run that is interrupted is told as no more than that, but for what is still broken', () => {
  const cut: Partial<Manifest> = { status: 'interrupted', reason: 'SIGINT', conclusive: false };
  const told105 = 'error: the run did not come to its end (SIGINT) [interrupted]';
  expect(told(cut, undefined, ['20 could not be read back'])).toEqual([told105]);
  expect(told({ ...cut, still_broken: ['a killed: refused'] })).toEqual([
    told105,
    'error: a fault could not be undone [undo-failed]',
    '  a killed: refused',
  ]);
});

test('an error comes before what it led to', () => {
  const error = new OrchError('fault-failed', 'kill a was refused');
  expect(told({ conclusive: false, still_broken: ['a killed: refused'] }, error)).toEqual([
    'error: kill a was refused [fault-failed]',
    'error: a fault could not be undone [undo-failed]',
    '  a killed: refused',
  ]);
});
