import { readFileSync } from 'node:fs';
import { errnoOf, messageOf, OrchError } from '../model/errors.ts';
import type { TlsOptions } from '../model/workload.ts';

/** What Node’s TLS takes of a workload’s options. */
export interface TlsMaterial {
  readonly rejectUnauthorized?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

/** @throws OrchError `file-not-found`, `no-permission` */
export function readTls(tls: TlsOptions | undefined): TlsMaterial {
  if (tls === undefined) return {};
  const files = (['ca', 'cert', 'key'] as const).flatMap((what) => {
    const file = tls[what];
    return file === undefined ? [] : [[what, readPem(what, file)]];
  });
  return {
    rejectUnauthorized: tls.verify,
    ...Object.fromEntries(files),
    ...(tls.servername === undefined ? {} : { servername: tls.servername }),
  };
}

/** The same, with nothing verified where a file is not there any more. */
export function tlsIfAny(tls: TlsOptions | undefined): TlsMaterial {
  try {
    return readTls(tls);
  } catch {
    return { rejectUnauthorized: false };
  }
}

function readPem(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = errnoOf(error) === 'ENOENT' ? 'file-not-found' : 'no-permission';
    throw new OrchError(code, `tls.${what} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
