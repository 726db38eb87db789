import { beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../src/testing/requirements.ts';
import type { Crash } from './crash/crash.ts';
import { meansOf } from './crash/kinds.ts';
import { caseText, type CrashCase, crashMatrix } from './crash/matrix.ts';
import { runCases } from './crash/run-cases.ts';

/** A few of the hundreds of cases that `npm run crash` has: each means of disturbing, way and driver is met. */
const chosen = [
  'process redis kill, coordinator at effective',
  'process http stop, group at requested',
  'process redis pause, both at effective',
  'process http restart, both at effective',
  'docker http kill, both at undo_requested',
  'docker redis stop, group at effective',
  'docker http restart, coordinator at undone',
  'docker http pause, engine-stopped at effective',
  'process redis black_hole, both at effective',
  'process redis cpu_limit, group at effective',
  'process redis cpu_stress, coordinator at effective',
  'process http memory_limit, both at effective',
  'process http disk_fill, group at effective',
  'process http oom_kill, both at effective',
  'docker http black_hole, group at effective',
  'docker http bandwidth, both at effective',
  'docker redis latency, coordinator at effective',
  'docker redis cpu_limit, group at effective',
  'docker http cpu_stress, group at effective',
  'docker redis memory_limit, group at effective',
  'docker redis disk_fill, coordinator at effective',
  'docker http oom_kill, both at effective',
  'docker redis reset by helper, group at effective',
];

const found = crashMatrix().filter((one) => chosen.includes(caseText(one)));

function isPossible({ driver, mode, kind, way, byHelper }: CrashCase): boolean {
  if (!needs('proc')) return false;
  const means = meansOf(driver, kind) ?? '';
  if (driver === 'process') {
    const isLimit = ['cpu-quota', 'memory-limit', 'oom-killer'].includes(means);
    return (mode === 'http' || needs('redis')) && (!isLimit || needs('cgroups'));
  }
  if (byHelper === true) return needs('docker') && needs('netImage');
  if (way.startsWith('engine')) return needs('docker') && needs('dockerd');
  return needs(['iptables', 'tbf'].includes(means) ? 'nsenter' : 'docker');
}

describe('orch that is killed leaves no trace:', () => {
  const crashes = new Map<CrashCase, Crash>();
  beforeAll(async () => {
    const options = { seed: 1, say: () => {}, signal: new AbortController().signal };
    for (const crash of await runCases(found.filter(isPossible), options)) crashes.set(crash.one, crash);
  }, 900_000);

  it('all that were chosen are cases of the crash test', () => {
    expect(found.map(caseText).sort()).toEqual(chosen.toSorted());
  });

  for (const one of found) {
    it.skipIf(!isPossible(one))(caseText(one), () => {
      const { problems, wasOpen } = crashes.get(one) ?? expect.fail('it was not tried');
      expect(problems, `again: npm run crash -- --case ${one.number}`).toEqual([]);
      // One that was being undone may have come to its end before the kill did.
      if (['requested', 'effective'].includes(one.moment)) expect(wasOpen).toBe(true);
    });
  }
});
