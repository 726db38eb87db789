import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refuseNoPlace, removeFile, replaceFile } from './json-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'orch-file-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('a file that is replaced', () => {
  it('has the new text, and nothing is left beside it', async () => {
    writeFileSync(join(directory, 'a'), 'old');
    await replaceFile(join(directory, 'a'), 'new');
    expect(readFileSync(join(directory, 'a'), 'utf8')).toBe('new');
    expect(readdirSync(directory)).toEqual(['a']);
  });

  it('in a directory that is not there, under a file or in place of a directory is the user’s mistake', async () => {
    writeFileSync(join(directory, 'file'), '');
    mkdirSync(join(directory, 'full/of'), { recursive: true });
    for (const [name, message] of [
      ['none/a', 'there is no directory DIR/none to write DIR/none/a in'],
      ['file/a', 'there is no directory DIR/file to write DIR/file/a in'],
      ['full', 'DIR/full is a directory, not a file'],
    ] as const) {
      const refusal = { code: 'file-not-found', exit: 104, message: message.replaceAll('DIR', directory) };
      await expect(refuseNoPlace(join(directory, name))).rejects.toMatchObject(refusal);
      await expect(replaceFile(join(directory, name), 'x')).rejects.toMatchObject(refusal);
    }
    expect(readdirSync(directory)).toEqual(['file', 'full']);
    await expect(refuseNoPlace('.')).rejects.toMatchObject({
      exit: 104,
      message: '. is a directory, not a file',
    });
    await expect(refuseNoPlace(join(directory, 'file'))).resolves.toBeUndefined();
  });
});

it('a file is removed, and what is none is left alone', async () => {
  const [file, link] = [join(directory, 'file'), join(directory, 'link')];
  writeFileSync(file, '');
  symlinkSync('/dev/null', link);
  for (const path of [file, link, directory, join(directory, 'none')]) await removeFile(path);
  expect(readdirSync(directory)).toEqual(['link']);
});
