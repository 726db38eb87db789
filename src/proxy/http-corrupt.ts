import { someRequests } from './http-fault.ts';
import type { Toxic, ToxicOf } from './toxic.ts';

/** Answers whose body is altered; their status, headers and length are what the node sent. */
export function httpCorrupt(spec: ToxicOf<'http_corrupt'>): Toxic {
  return someRequests(spec, { kind: 'corrupt' });
}

/** Inverts every byte of a piece of a body, in place: no parser, checksum or encoding takes that for what it was. */
export function corrupt(bytes: Buffer): void {
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = ~(bytes[i] ?? 0);
}
