import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../model/event.ts';
import { canMount } from '../testing/requirements.ts';
import { temporaryDir } from '../testing/run-files.ts';
import { readEvents } from './events-reader.ts';
import { EventsWriter } from './events-writer.ts';

const note = (message: string): RunEvent => ({
  type: 'note',
  run_ms: 0,
  wall_sec: 1000,
  level: 'info',
  message,
});

test.skipIf(!canMount())('a line after one that a full disk has torn is whole', async () => {
  const directory = await temporaryDir();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory]);
  onTestFinished(() => void execFileSync('umount', [directory]));
  const ballast = join(directory, 'ballast');
  await writeFile(ballast, Buffer.alloc(32_768));
  const path = join(directory, 'events.jsonl');
  const writer = await EventsWriter.create(path);
  let kept = 0;
  const fill = async () => {
    for (; kept < 1000; kept += 1) await writer.append(note('x'.repeat(1000)), false);
  };
  await expect(fill()).rejects.toMatchObject({ code: 'disk-full' });
  await rm(ballast);
  await writer.append(note('there is room again'), true);
  await writer.close();
  const { events, problems } = await readEvents(path);
  expect(events.at(-1)).toEqual(note('there is room again'));
  expect(events).toHaveLength(kept + 1);
  expect(problems).toHaveLength(1);
});
