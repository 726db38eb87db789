import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { errnoOf, messageOf, OrchError } from '../model/errors.ts';
import { type TlsFile, tlsFiles, type TlsOptions } from '../model/workload.ts';

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
  const files = tlsFiles.flatMap((what) => {
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

export interface WrongTlsFile {
  readonly key: TlsFile;
  readonly message: string;
}

/** Which files of a workload’s options cannot be used, and why. */
export function wrongTlsFiles(tls: TlsOptions): readonly WrongTlsFile[] {
  const wrong = tlsFiles.flatMap((key): readonly WrongTlsFile[] => {
    const file = tls[key];
    const message = file === undefined ? null : objection(key, file);
    return message === null ? [] : [{ key, message }];
  });
  const { cert, key } = wrong.length > 0 ? {} : readTls(tls);
  if (cert === undefined || key === undefined) return wrong;
  const isPair = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  return isPair ? [] : [{ key: 'key', message: `tls.key is not the key of tls.cert: ${tls.key}` }];
}

/** Why a file is not what it is to be; null where it is. */
function objection(what: TlsFile, file: string): string | null {
  try {
    const text = readPem(what, file);
    if (what === 'key') createPrivateKey(text);
    else if (certificatesIn(text).length === 0) return `tls.${what} is no certificate in PEM: ${file}`;
    return null;
  } catch (error) {
    if (error instanceof OrchError) return error.message;
    const kind = what === 'key' ? 'a private key' : 'a certificate';
    return `tls.${what} cannot be read as ${kind} in PEM: ${file}: ${messageOf(error)}`;
  }
}

const certificate = /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----[^]*?-----END [A-Z0-9 ]*CERTIFICATE-----/g;

/** Throws where one of them is broken. */
function certificatesIn(text: string): readonly X509Certificate[] {
  return (text.match(certificate) ?? []).map((one) => new X509Certificate(one));
}

function readPem(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = errnoOf(error) === 'ENOENT' ? 'file-not-found' : 'no-permission';
    throw new OrchError(code, `tls.${what} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
