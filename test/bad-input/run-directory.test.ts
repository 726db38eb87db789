import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../../src/testing/requirements.ts';
import { scenarioText, Workshop } from '../support.ts';
import { expectError } from './expect-error.ts';
import { calm, foreignRun } from './foreign-run.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

const run = (...more: string[]) => shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'r', ...more]);

describe('a run directory', () => {
  it('that exists is never overwritten', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    foreignRun(shop, 'r', calm);
    expectError(await run('--driver', 'process'), 104, 'the run r exists already');
    expect(shop.rows('r').length).toBe(500);
  });

  it('that is not there is named with the nearest and all that are', async () => {
    const ids = ['calm', 'node_failure-http-20260314-120500', 'node_failure-http-20260315-093000'];
    for (const id of ids) foreignRun(shop, id, calm);
    for (const [wrong, meant] of [
      ['clam', ids[0]],
      ['node_failure-http-20260314-120501', ids[1]],
      ['node_failure', ids[2]],
    ] as const) {
      expectError(
        await shop.orch(['analyze', '--baseline', 'calm', '--run', wrong]),
        104,
        `there is no run ${wrong}`,
        `Did you mean \`${meant}\`? There are: ${ids.join(', ')}`,
      );
    }
    const { stderr } = await shop.orch(['plot', '--run', 'something-else-altogether']);
    expect(stderr).not.toContain('Did you mean');
  });

  it('that may not be written is refused', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    mkdirSync(shop.path('runs'));
    // Root may write anywhere but on a read-only file system.
    const asRoot = process.getuid?.() === 0;
    if (asRoot) execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=64k', 'orch-test', shop.path('runs')]);
    else chmodSync(shop.path('runs'), 0o500);
    try {
      expectError(await run('--driver', 'process'), 104, 'no permission', '--runs DIR');
    } finally {
      if (asRoot) execFileSync('umount', [shop.path('runs')]);
    }
  });

  it.skipIf(!needs('root'))(
    'on a disk that fills up ends the run, keeps the rows so far, and undoes the fault',
    async () => {
      shop.write(
        's.yaml',
        scenarioText('s', [2, 20, 2], { type: 'pause_node', undo: 'unpause_node', node: 'service-node-2' }),
      );
      mkdirSync(shop.path('runs'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40k', 'orch-test', shop.path('runs')]);
      try {
        const result = await run('--driver', 'process');
        expectError(result, 1, 'no space left', '[disk-full]', 'serves again');
        expect(shop.manifest('r')).toMatchObject({ status: 'failed', still_broken: [] });
        const rows = shop.rows('r');
        expect(rows.length).toBeGreaterThan(100);
        expect(rows.every((row) => row.split(',').length === 9)).toBe(true);
        expect(
          await shop.orch(['analyze', '--baseline', 'r', '--run', 'r', '--out', shop.path('out.json')]),
        ).toMatchObject({
          code: 1,
          stdout: expect.stringContaining('requests due'),
          stderr: expect.stringContaining('[disk-full]'),
        });
      } finally {
        execFileSync('umount', [shop.path('runs')]);
      }
    },
  );

  it('that may only be read is analysed and summarized all the same, and it says what could not be written', async () => {
    foreignRun(shop, 'r', calm);
    const about = ['--baseline', 'r', '--run', 'r', '--out', shop.path('out')];
    const asRoot = process.getuid?.() === 0;
    if (asRoot) {
      execFileSync('mount', ['--bind', shop.path('runs'), shop.path('runs')]);
      execFileSync('mount', ['-o', 'remount,bind,ro', shop.path('runs')]);
    } else chmodSync(shop.path('runs/r'), 0o500);
    try {
      const analyzed = await shop.orch(['analyze', ...about, '--json']);
      expectError(analyzed, 104, 'no permission while writing', 'analysis.json', '[no-permission]');
      expect(JSON.parse(analyzed.stdout)).toMatchObject({ run_id: 'r', run_summary: { due: 500 } });
      expect(readFileSync(shop.path('out'), 'utf8')).toBe(analyzed.stdout);
      const summarized = await shop.orch(['summarize', ...about]);
      expectError(summarized, 104, 'no permission while writing', 'summary.md', '[no-permission]');
      expect(summarized.stdout).toContain('# Summary of `r`');
      expect(readFileSync(shop.path('out'), 'utf8')).toBe(summarized.stdout);
    } finally {
      if (asRoot) execFileSync('umount', [shop.path('runs')]);
      else chmodSync(shop.path('runs/r'), 0o700);
    }
  });

  it.each(['analyze', 'summarize'])(
    'is not written to a place that is not there: %s --out none/x',
    async (command) => {
      foreignRun(shop, 'r', calm);
      const out = ['--out', 'none/x'];
      expectError(
        await shop.orch([command, '--baseline', 'r', '--run', 'r', ...out]),
        104,
        'there is no directory none to write none/x in',
        '[file-not-found]',
      );
    },
  );

  it('under something that is no directory is refused', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    shop.write('file', '');
    expectError(
      await run('--driver', 'process', '--runs', 'file/runs'),
      104,
      'file/runs is no directory',
      '[file-not-found]',
    );
  });
});
