import { beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../src/testing/requirements.ts';
import type { Crash } from './crash/crash.ts';
import { caseText, type CrashCase, crashMatrix } from './crash/matrix.ts';
import { runCases } from './crash/run-cases.ts';

/** A few of the hundreds of cases that `npm run crash` has: each fault, way and driver is met. */
const chosen = [
  'process redis kill, coordinator at effective',
  'process http stop, group at requested',
  'process redis pause, both at effective',
  'process redis restart, both at undo_requested',
  'docker http kill, both at undo_requested',
  'docker redis stop, group at effective',
  'docker redis pause, coordinator at effective',
  'docker http restart, coordinator at undone',
  'docker http pause, engine-stopped at effective',
];

const found = crashMatrix().filter((one) => chosen.includes(caseText(one)));

function isPossible({ driver, mode, way }: CrashCase): boolean {
  if (!needs('proc')) return false;
  if (way.startsWith('engine')) return needs('docker') && needs('dockerd');
  return driver === 'docker' ? needs('docker') : mode === 'http' || needs('redis');
}

describe('orch that is killed leaves no trace:', () => {
  const crashes = new Map<CrashCase, Crash>();
  beforeAll(async () => {
    const options = { seed: 1, say: () => {}, signal: new AbortController().signal };
    for (const crash of await runCases(found.filter(isPossible), options)) crashes.set(crash.one, crash);
  }, 300_000);

  it('all that were chosen are cases of the crash test', () => {
    expect(found.map(caseText).sort()).toEqual(chosen.toSorted());
  });

  for (const one of found) {
    it.skipIf(!isPossible(one))(caseText(one), () => {
      const { problems, wasOpen } = crashes.get(one) ?? expect.fail('it was not tried');
      expect(problems, `again: npm run crash -- --case ${one.number}`).toEqual([]);
      expect(wasOpen).toBe(true);
    });
  }
});
