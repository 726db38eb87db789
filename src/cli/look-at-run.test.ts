import { describe, expect, it } from 'vitest';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import { Screen } from '../testing/screen.ts';
import { lookAtRun } from './look-at-run.ts';

const { passed, inconclusive, undoFailed } = exitCode;
const screen = new Screen();
const stderr = { write: (text: string) => screen.write(text), terminal: null, columns: 80, colour: false };
const noData = () => Promise.reject(new OrchError('no-data', 'metrics.csv has a header and no row'));

describe('a look at a run', () => {
  it.each<[ExitCode, ExitCode, ExitCode]>([
    [passed, passed, passed],
    [passed, inconclusive, inconclusive],
    [inconclusive, passed, inconclusive],
    [undoFailed, inconclusive, undoFailed],
  ])('after exit code %i, itself %i, comes to %i', async (ran, seen, expected) => {
    expect(await lookAtRun({ stderr }, ran, () => Promise.resolve(seen))).toBe(expected);
  });

  it('that fails decides, but never hides that a fault is still in force', async () => {
    await expect(lookAtRun({ stderr }, passed, noData)).rejects.toMatchObject({ code: 'no-data' });
    expect(await lookAtRun({ stderr }, undoFailed, noData)).toBe(undoFailed);
    expect(screen.lines[0]).toBe('error: metrics.csv has a header and no row [no-data]');
  });
});
