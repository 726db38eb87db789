import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf, OrchError } from '../model/errors.ts';
import type { CsvParser } from './csv-parser.ts';
import type { RunDir } from './run-dir.ts';

const readBytes = 1 << 20;

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

/**
 * Hands a whole file to the parser.
 * @throws OrchError `file-not-found`, `no-permission`
 */
export async function readInto(parser: CsvParser, path: string): Promise<void> {
  let file: FileHandle | null = null;
  try {
    file = await open(path);
    const chunk = Buffer.allocUnsafe(readBytes);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, readBytes);
      if (bytesRead === 0) break;
      parser.write(chunk.subarray(0, bytesRead));
    }
    parser.end();
  } catch (error) {
    throw readError(error, path);
  } finally {
    await file?.close();
  }
}

function readError(error: unknown, path: string): unknown {
  const errno = errnoOf(error);
  if (errno === 'EACCES' || errno === 'EPERM') {
    return new OrchError('no-permission', `no permission to read ${path}`, { cause: error });
  }
  if (errno === 'EISDIR') {
    return new OrchError('file-not-found', `${path} is a directory, not a file`, { cause: error });
  }
  return error;
}
