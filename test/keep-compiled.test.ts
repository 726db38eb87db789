import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from './support.ts';

describe('what Node compiles', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'orch-home-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  /** Starts orch as a user does whose home that is, and has it check a scenario. */
  function validate(env: Readonly<Record<string, string>>): string {
    const words = [join(root, 'src/main.ts'), 'validate', 'baseline'];
    return execFileSync(process.execPath, words, { env, cwd: root, encoding: 'utf8' });
  }
  const kept = (...below: readonly string[]) =>
    readdirSync(join(home, ...below), { recursive: true, encoding: 'utf8' });

  it('is kept for the next start, and what was kept for others before does not pile up', () => {
    const all = join(home, '.cache', 'orch', 'compiled');
    for (const age of [1, 2, 3, 4]) {
      const other = join(all, `other-${age}`);
      mkdirSync(other, { recursive: true });
      utimesSync(other, age * 1000, age * 1000);
    }
    validate({ HOME: home });
    const [own = '', ...others] = readdirSync(all).toSorted();
    expect(others).toEqual(['other-3', 'other-4']);
    const files = kept('.cache', 'orch', 'compiled', own).length;
    expect(files).toBeGreaterThan(50);
    const madeMs = statSync(join(all, own)).mtimeMs;
    validate({ HOME: home });
    expect(readdirSync(all).toSorted()).toEqual([own, 'other-3', 'other-4']);
    expect([kept('.cache', 'orch', 'compiled', own).length, statSync(join(all, own)).mtimeMs]).toEqual([
      files,
      madeMs,
    ]);
  });

  it('is kept nowhere else, nor where that cannot be written', () => {
    validate({ HOME: '/dev/null' });
    validate({});
    validate({ HOME: '/nonexistent', XDG_CACHE_HOME: home });
    expect(readdirSync(home)).toEqual(['orch']);
  });
});
