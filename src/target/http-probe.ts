import type { NodeSpec } from '../model/node.ts';
import type { Reply } from '../model/record.ts';
import { probeRequest } from './http-request.ts';
import { type HttpTransport, openPool } from './http-transport.ts';

/**
 * Whether an HTTP node answers at all, by any of these ways: any status counts. Never rejects.
 * @returns Null where it does; else why not by the first way, as the short code of an error
 */
export async function probeHttp(
  node: NodeSpec,
  timeoutMs: number,
  transports: Iterable<HttpTransport>,
): Promise<string | null> {
  const apart = new Map([...transports].map((transport) => [JSON.stringify(transport), transport]));
  const found = await Promise.all(
    [...apart.values()].map((transport) => probeBy(transport, node, timeoutMs)),
  );
  return found.includes(null) ? null : (found[0] ?? null);
}

async function probeBy(
  transport: HttpTransport,
  { url }: NodeSpec,
  timeoutMs: number,
): Promise<string | null> {
  const error = await answerBy(transport, url, timeoutMs);
  // Without TLS the two agree on nothing beforehand: what does not speak HTTP/2 may say anything, or nothing.
  if (error === null || transport.version !== 2 || !url.startsWith('http:')) return error;
  return (await answerBy({ ...transport, version: 1.1 }, url, timeoutMs)) === null ? 'no_http2' : error;
}

/** Null where there is an answer, else the error. */
async function answerBy(transport: HttpTransport, url: string, timeoutMs: number): Promise<string | null> {
  const request = probeRequest(url);
  const pool = openPool(request.origin, transport, 1);
  const question = { requestAt: () => request, isExpected: [], inBody: null };
  const { status, error } = await new Promise<Reply>((settle) =>
    pool.send(question, 0, timeoutMs, { settle }),
  );
  await pool.close();
  return status === 0 ? error : null;
}
