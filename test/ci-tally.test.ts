import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../.ci/tally.ts');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'orch-tally-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

interface File {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages: readonly string[];
  }[];
}

function file(statuses: Readonly<Record<string, string>>, status = 'passed', message = ''): File {
  const assertionResults = Object.entries(statuses).map(([name, of]) => ({
    fullName: ` ${name}`,
    status: of,
    failureMessages: of === 'failed' ? ['Error: expected 1\n    at a.test.ts'] : [],
  }));
  return { name: 'a.test.ts', status, message, assertionResults };
}

/** Tallies a report of these files, or none, beside the exit codes. */
function tally(files: readonly File[] | undefined, ...checks: readonly string[]) {
  const report = join(directory, 'report.json');
  if (files !== undefined) writeFileSync(report, JSON.stringify({ testResults: files }));
  const { stdout, status } = spawnSync(process.execPath, [script, report, ...checks], { encoding: 'utf8' });
  return { lines: stdout.trimEnd().split('\n'), status };
}

describe('the tally of a CI run', () => {
  it('counts tests and checks', () => {
    const files = [file({ one: 'passed', two: 'passed' }), file({ three: 'passed' })];
    expect(tally(files, 'npm cit=0', 'lint=0', 'typecheck=0')).toEqual({
      lines: ['5 passed, 0 failed'],
      status: 0,
    });
  });

  it('names what failed, was skipped or was never written', () => {
    const files = [file({ one: 'passed', two: 'failed', three: 'skipped', four: 'todo' }, 'failed')];
    expect(tally(files, 'npm cit=1', 'lint=0', 'typecheck=2')).toEqual({
      lines: [
        'FAILED (failed) two: Error: expected 1',
        'FAILED (skipped) three',
        'FAILED (todo) four',
        'FAILED typecheck',
        '2 passed, 4 failed',
      ],
      status: 1,
    });
  });

  it('counts a file that could not be loaded', () => {
    expect(tally([file({ one: 'passed' }), file({}, 'failed', 'no such module')], 'npm cit=1')).toEqual({
      lines: ['FAILED a.test.ts: no such module', '1 passed, 1 failed'],
      status: 1,
    });
  });

  it.each([
    ['an error outside of any test', [file({ one: 'passed' })], 'npm cit=1', 1],
    ['a run that wrote no report', undefined, 'npm cit=124', 0],
    ['a run without a test', [], 'npm cit=0', 0],
  ])('does not miss %s', (_, files, check, passed) => {
    const { lines, status } = tally(files, check);
    expect([lines.at(-1), status]).toEqual([`${passed} passed, 1 failed`, 1]);
    expect(lines[0]).toMatch(/^FAILED npm cit /);
  });
});
