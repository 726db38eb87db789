import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { temporaryDir } from '../testing/run-files.ts';
import { LedgerWriter, type TokenLine } from './ledger-writer.ts';

const line = (token: string): TokenLine => ({ type: 'stale_read', check: 'c', token, node: 'a' });

it('hands lines to the kernel as they come, in their order, and needs no close for that', async () => {
  const path = join(await temporaryDir(), 'writes.jsonl');
  const ledger = await LedgerWriter.create(path, (error) => {
    throw error;
  });
  const tokens = Array.from({ length: 1000 }, (_, index) => `t.${index}`);
  for (const token of tokens) ledger.append(line(token));
  const read = async () =>
    (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((text) => (JSON.parse(text) as TokenLine).token);
  await vi.waitFor(async () => expect(await read()).toEqual(tokens));
  ledger.append(line('last'));
  await ledger.close();
  expect((await read()).at(-1)).toBe('last');
  await expect(LedgerWriter.create(path, () => {})).rejects.toMatchObject({ code: 'write-failed' });
});
