import { open } from 'node:fs/promises';
import { wholeRows } from './row-ring.ts';

const pieceBytes = 1 << 20;

/** How many lines of a file end with a newline. Rejects with the system's error. */
export async function countLines(path: string): Promise<number> {
  await using file = await open(path);
  const piece = Buffer.allocUnsafe(pieceBytes);
  let lines = 0;
  for (;;) {
    const { bytesRead } = await file.read(piece, 0, pieceBytes);
    if (bytesRead === 0) return lines;
    lines += wholeRows(piece.subarray(0, bytesRead)).rows;
  }
}
