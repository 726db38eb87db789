import type { IncomingMessage } from 'node:http';

/**
 * The whole body of a request, or undefined as soon as it is known to be longer than `limitBytes`; the rest is then
 * still unread. `invite` is called before the first read. Rejects where the client goes away in mid-body.
 */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
  invite: () => void,
): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return undefined;
  invite();
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early must not destroy the request: that would close its connection before the answer is sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a body asks for: its payload, or what is wrong with it in words for the client. */
export type Work = { readonly payload: string } | { readonly problem: string };

const example = 'send JSON such as {"payload":"test"}';

export function parseWork(body: Buffer): Work {
  if (body.length === 0) return { problem: `the body is empty; ${example}` };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return { problem: `the body is not JSON; ${example}` };
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return { problem: `the body is JSON, but not an object; ${example}` };
  }
  if (!('payload' in value)) return { problem: `the body has no "payload"; ${example}` };
  if (typeof value.payload !== 'string') return { problem: `"payload" is not a string; ${example}` };
  return { payload: value.payload };
}
