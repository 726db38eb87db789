import { execFileSync } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OrchError } from '../model/errors.ts';
import { outcomes, type RequestRecord } from '../model/record.ts';
import { canMount } from '../testing/requirements.ts';
import { metricsColumns } from './columns.ts';
import { csvRow } from './csv-row.ts';
import { MetricsWriter } from './metrics-writer.ts';

const header = `${metricsColumns.join(',')}\n`;
const startWallMs = 1_700_000_000_000;

function record(seq: number): RequestRecord {
  return {
    seq,
    phase: 'warmup',
    node: 'service-node-1',
    op: 'POST /wörk',
    scheduledMs: seq,
    sentMs: seq + 0.25,
    doneMs: seq + 80,
    outcome: outcomes[seq % 4] ?? 'ok',
    status: 200,
    error: '',
  };
}

let directory: string;
let path: string;
let errors: OrchError[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'orch-metrics-'));
  path = join(directory, 'metrics.csv');
  errors = [];
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const options = (bufferBytes?: number) => ({
  startWallMs,
  onError: (error: OrchError) => errors.push(error),
  ...(bufferBytes !== undefined && { bufferBytes }),
});

describe('MetricsWriter', () => {
  test('rows come to the file by themselves, and closing adds the rest', async () => {
    const writer = await MetricsWriter.create(path, options());
    expect(await readFile(path, 'utf8')).toBe(header);
    for (let seq = 0; seq < 100; seq += 1) writer.append(record(seq));
    const first = header + Array.from({ length: 100 }, (_, seq) => csvRow(record(seq), startWallMs)).join('');
    await expect.poll(() => readFile(path, 'utf8'), { timeout: 10_000 }).toBe(first);
    for (let seq = 100; seq < 50_000; seq += 1) writer.append(record(seq));
    expect(await writer.close()).toBeNull();
    const all = Array.from({ length: 50_000 }, (_, seq) => csvRow(record(seq), startWallMs));
    expect(await readFile(path, 'utf8')).toBe(header + all.join(''));
    expect(writer.counts).toEqual({
      due: 50_000,
      ok: 12_500,
      fail: 12_500,
      unknown: 12_500,
      dropped: 12_500,
    });
    expect(writer.lostRows).toBe(0);
    expect(errors).toEqual([]);
  });

  test('rows that are appended while others are being written come after these', async () => {
    const writer = await MetricsWriter.create(path, options());
    for (let seq = 0; seq < 20_000; seq += 1) {
      writer.append(record(seq));
      if (seq % 100 === 0) {
        await new Promise((resolve) => {
          setTimeout(resolve, 5);
        });
      }
    }
    await writer.close();
    const all = Array.from({ length: 20_000 }, (_, seq) => csvRow(record(seq), startWallMs));
    expect(await readFile(path, 'utf8')).toBe(header + all.join(''));
  });

  test('a file that is there is not touched', async () => {
    await writeFile(path, 'precious');
    await expect(MetricsWriter.create(path, options())).rejects.toMatchObject({ code: 'run-exists' });
    expect(await readFile(path, 'utf8')).toBe('precious');
  });

  test('a directory that is not there is an error that names the file', async () => {
    const nowhere = join(directory, 'no', 'metrics.csv');
    await expect(MetricsWriter.create(nowhere, options())).rejects.toMatchObject({
      code: 'write-failed',
      message: expect.stringContaining(nowhere),
    });
  });

  test('more than the buffer holds is lost and counted, what it holds is written', async () => {
    const writer = await MetricsWriter.create(path, options(2000));
    for (let seq = 0; seq < 100; seq += 1) writer.append(record(seq));
    expect(errors).toHaveLength(1);
    expect(await writer.close()).toMatchObject({
      code: 'write-failed',
      message: expect.stringContaining(path),
    });
    const rows = (await readFile(path, 'utf8')).split('\n').length - 2;
    expect(rows).toBeGreaterThan(5);
    expect(rows + writer.lostRows).toBe(100);
  });

  test('what is appended after closing is counted as lost', async () => {
    const writer = await MetricsWriter.create(path, options());
    writer.append(record(0));
    const closing = writer.close();
    writer.append(record(1));
    expect(await closing).toBeNull();
    expect(await writer.close()).toBeNull();
    expect([writer.counts.due, writer.lostRows]).toEqual([2, 1]);
    expect(await readFile(path, 'utf8')).toBe(header + csvRow(record(0), startWallMs));
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk is told once, and nothing more is taken', async () => {
    const writer = new MetricsWriter(await open('/dev/full', 'w'), '/dev/full', 0, options());
    for (let seq = 0; seq < 10; seq += 1) writer.append(record(seq));
    await expect.poll(() => errors.length, { timeout: 10_000 }).toBe(1);
    for (let seq = 10; seq < 20; seq += 1) writer.append(record(seq));
    expect(await writer.close()).toBe(errors[0]);
    expect(errors).toMatchObject([{ code: 'disk-full', message: expect.stringContaining('/dev/full') }]);
    expect([writer.counts.due, writer.lostRows]).toEqual([20, 20]);
  });

  test('what is appended while a write is about to fail is lost with it', async () => {
    // A pipe takes so much and no more, and fails when its reader goes.
    execFileSync('mkfifo', [path]);
    const reader = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = new MetricsWriter(await open(path, 'w'), path, 0, options());
    for (let seq = 0; seq < 5000; seq += 1) writer.append(record(seq));
    await expect
      .poll(() => reader.read().catch(() => ({ bytesRead: 0 })), { timeout: 10_000 })
      .toMatchObject({
        bytesRead: expect.toSatisfy((count: number) => count > 0),
      });
    for (let seq = 5000; seq < 50_000; seq += 1) writer.append(record(seq));
    await reader.close();
    expect(await writer.close()).toMatchObject({ code: 'write-failed' });
    expect(errors).toHaveLength(1);
    expect(writer.lostRows).toBeGreaterThan(45_000);
    expect(writer.lostRows).toBeLessThan(50_000);
  });

  describe.skipIf(!canMount())('on a disk of its own', () => {
    afterEach(() => {
      execFileSync('umount', [directory]);
    });

    test('a disk that fills up leaves whole rows, and an account of those it had no room for', async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory]);
      const writer = await MetricsWriter.create(path, options());
      let seq = 0;
      for (; errors.length === 0 && seq < 100_000; seq += 1) {
        writer.append(record(seq));
        if (seq % 100 === 0) {
          await new Promise((resolve) => {
            setTimeout(resolve, 10);
          });
        }
      }
      expect(await writer.close()).toMatchObject({ code: 'disk-full' });
      expect(errors).toHaveLength(1);
      const text = await readFile(path, 'utf8');
      const rows = text.split('\n').length - 2;
      expect(text).toBe(
        header + Array.from({ length: rows }, (_, row) => csvRow(record(row), startWallMs)).join(''),
      );
      expect(rows).toBeGreaterThan(500);
      expect(rows + writer.lostRows).toBe(seq);
      expect(writer.counts.due).toBe(seq);
    });

    test('a disk that is full from the start is an error of its own', async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k,nr_inodes=3', 'tmpfs', directory]);
      await writeFile(join(directory, 'all'), Buffer.alloc(4096));
      await expect(MetricsWriter.create(path, options())).rejects.toMatchObject({ code: 'disk-full' });
    });
  });
});
