import { type FileHandle, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf, OrchError } from '../model/errors.ts';
import type { CsvParser } from './csv-parser.ts';
import type { RunDir } from './run-dir.ts';

const pieceBytes = 1 << 20;

/**
 * Where the rows of a run stand: metrics.csv, or redis_metrics.csv where that is missing.
 * @throws OrchError `run-not-found`, `file-not-found`, `no-permission`
 */
export async function metricsPath(run: RunDir): Promise<string> {
  if (!(await exists(run.path))) {
    throw new OrchError('run-not-found', `there is no run ${run.id} in ${dirname(run.path)}`, {
      hint: '`orch runs` lists those that there are.',
    });
  }
  for (const path of [run.metrics, run.redisMetrics]) {
    if (await exists(path)) return path;
  }
  throw new OrchError('file-not-found', `the run ${run.id} has no metrics.csv`, {
    hint: `Put one with the columns timestamp,node,status_code,latency_ms,error into ${run.path}.`,
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return false;
    throw readError(error, path);
  }
}

/** Hands the bytes of an open file to a parser, from one place to another or to the end. Returns how far it came. */
export async function readBytes(
  file: FileHandle,
  parser: CsvParser,
  { from, to = Number.POSITIVE_INFINITY }: { readonly from: number; readonly to?: number },
): Promise<number> {
  let at = from;
  while (at < to) {
    const space = parser.space(Math.min(pieceBytes, to - at));
    const { bytesRead } = await file.read(space, 0, space.length, at);
    if (bytesRead === 0) break;
    parser.wrote(bytesRead);
    at += bytesRead;
  }
  return at;
}

/** An error of the file system as one that the user can put right, where it is one. */
export function readError(error: unknown, path: string): unknown {
  const errno = errnoOf(error);
  if (errno === 'EACCES' || errno === 'EPERM') {
    return new OrchError('no-permission', `no permission to read ${path}`, { cause: error });
  }
  if (errno === 'EISDIR') {
    return new OrchError('file-not-found', `${path} is a directory, not a file`, { cause: error });
  }
  return error;
}
