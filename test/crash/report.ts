import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { root } from '../support.ts';
import type { Crash } from './crash.ts';
import { disturbingKinds, meansOf, stateKinds } from './kinds.ts';
import { type CrashCase, moments, ways, wayText } from './matrix.ts';

export interface ReportOptions {
  readonly crashes: readonly Crash[];
  readonly seed: number;
  readonly started: Date;
  readonly tookSec: number;
}

/** What the whole crash test came to, in Markdown. */
export function report({ crashes, seed, started, tookSec }: ReportOptions): string {
  const good = crashes.filter(({ problems }) => problems.length === 0).length;
  const missed = crashes.reduce((sum, crash) => sum + crash.missed, 0);
  const open = crashes.filter(({ wasOpen }) => wasOpen).length;
  const recovered = crashes.filter(
    ({ byRecover, one, problems }) => byRecover && one.way !== 'both' && problems.length === 0,
  ).length;
  const mended = crashes.filter(({ engineMended }) => engineMended).length;
  return [
    '# The last crash test',
    '',
    'Written by `npm run crash`, which SIGKILLs real runs at every transition of the journal and at random moments, and',
    'looks at everything that they might leave: containers, their limits and files, what runs in them, the rules of their',
    'networks, processes, cgroups, locks, ports, files. `test/crash/` is the test.',
    '',
    `- ${started.toISOString().slice(0, 10)}, seed ${seed}, ${Math.round(tookSec / 60)} minutes on ${cpus().length} cores: ${versions()}`,
    `- **${crashes.length} kills, ${good} without any trace left, ${crashes.length - good} with one**; in ${open} a fault was open`,
    `- ${missed} further kills came after the run had ended already: they do not count, and were tried again`,
    `- ${recovered} came before there was a guardian: nothing had been disturbed, and \`orch recover\` put the run in order`,
    `- ${mended} times the Docker Engine was ended in the midst of starting a container, and refused ever after to start it`,
    '  (“port is already allocated”, “task already exists”, “id already in use”): the test ended the shim that was left, if any, and restarted',
    '  the engine once more, as an operator has to; the guardian, which had gone on trying, then got through',
    '',
    '## By driver, fault and way',
    '',
    'Each cell says how many kills left no trace, of how many there were. Of the faults that share a means, the first meets each',
    'way at each moment; some of `reset` and `bandwidth` in containers are by helper containers, the others by nsenter.',
    '',
    ...table(['driver', 'fault', 'by', ...ways.map((way) => wayText[way])], faultRows(crashes)),
    '',
    '## By moment',
    '',
    '`directory` and `manifest` are before the run has begun, as soon as these exist; the others are the lines of',
    '`events.jsonl`. The undo is the guardian’s first, in milliseconds after the kill, where it was left alive.',
    '',
    ...table(
      ['killed at', 'kills', 'without a trace', 'a fault was open', 'undo began: median', 'longest'],
      moments.map((moment) => momentRow(moment, crashes)),
    ),
    ...failures(crashes),
    '',
  ].join('\n');
}

function faultRows(crashes: readonly Crash[]): readonly string[][] {
  return (['process', 'docker'] as const).flatMap((driver) =>
    [...stateKinds, ...disturbingKinds]
      .filter((kind) => crashes.some(({ one }) => one.driver === driver && one.kind === kind))
      .map((kind) => [
        driver,
        kind,
        meansOf(driver, kind) ?? '',
        ...ways.map((way) => score(crashes, { driver, kind, way })),
      ]),
  );
}

function momentRow(moment: CrashCase['moment'], crashes: readonly Crash[]): string[] {
  const those = crashes.filter(({ one }) => one.moment === moment);
  const good = those.filter(({ problems }) => problems.length === 0).length;
  const delays = those.flatMap(({ undoBeganMs }) => undoBeganMs ?? []).sort((a, b) => a - b);
  const shown = (delay: number | undefined) => (delay === undefined ? '' : String(Math.round(delay)));
  const name = moment === 'random' ? 'a random moment' : `\`${moment}\``;
  const open = those.filter(({ wasOpen }) => wasOpen).length;
  const [count, whole, broken] = [those.length, good, open].map(String);
  return [
    name,
    count ?? '',
    whole ?? '',
    broken ?? '',
    shown(delays[delays.length >> 1]),
    shown(delays.at(-1)),
  ];
}

function score(
  crashes: readonly Crash[],
  { driver, kind, way }: Pick<CrashCase, 'driver' | 'kind' | 'way'>,
): string {
  const those = crashes.filter(({ one }) => one.driver === driver && one.kind === kind && one.way === way);
  if (those.length === 0) return '';
  return `${those.filter(({ problems }) => problems.length === 0).length} / ${those.length}`;
}

function failures(crashes: readonly Crash[]): string[] {
  const failed = crashes.filter(({ problems }) => problems.length > 0);
  if (failed.length === 0) return [];
  const lines = failed.map(({ one, problems }) => `- case ${one.number}: ${problems.join('; ')}`);
  return ['', '## What was left', '', ...lines];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

function versions(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const redis = /v=(\S+)/.exec(said('redis-server', '--version'))?.[1];
  const docker = said('docker', 'version', '--format', '{{.Server.Version}}');
  return `orch ${version}, Node ${process.versions.node}, Docker Engine ${docker}, Redis ${redis}, Linux ${release()}`;
}

function said(command: string, ...args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).trim();
  } catch {
    return '(none)';
  }
}
