import type { Json } from '../model/disturber.ts';
import { valuesAt } from '../model/json-path.ts';
import type { NodeSpec } from '../model/node.ts';
import type { HttpProbe } from '../model/probe.ts';
import { type HttpTokens, withToken } from '../model/write-check.ts';
import { askHttp, type HttpAnswer } from './http.ts';
import { httpErrorCode } from './http-error.ts';
import { acknowledged, indeterminate, type ReadReply, refused, type WriteStore } from './write-store.ts';

export interface HttpWritesOptions extends HttpTokens {
  readonly timeoutMs: number;
}

/** With these, nothing has come to the server. */
const unsent: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'bad_request'];

/** Tokens in requests of any service. Each has a connection of its own, and is never sent again. */
export function httpWrites({ write, read, verify_tls: verifyTls, timeoutMs }: HttpWritesOptions): WriteStore {
  const ask = (
    node: NodeSpec,
    question: Pick<HttpProbe, 'method' | 'headers' | 'body'> & { path: string },
  ) => {
    const { path, ...rest } = question;
    const url = node.url.replace(/\/+$/, '') + path;
    const probe = { kind: 'http', timeoutMs, url, verifyTls, followRedirects: false, ...rest } as const;
    return askHttp(probe, AbortSignal.timeout(timeoutMs));
  };

  return {
    counts: read.count !== undefined,
    async write(node, token) {
      const { body, ...request } = write;
      const filled = {
        ...withToken(request, token),
        body: body === undefined ? body : withToken(body, token),
      };
      try {
        const { status } = await ask(node, filled);
        if (isGood(status)) return acknowledged;
        const error = `http_${status}`;
        return status >= 400 && status < 500 ? refused(error) : indeterminate(error);
      } catch (error) {
        const code = codeOf(error);
        return unsent.includes(code) ? refused(code) : indeterminate(code);
      }
    },
    async read(node, token) {
      const { path, headers } = withToken({ path: read.path, headers: read.headers }, token);
      try {
        return readingOf(await ask(node, { method: 'GET', path, headers, body: undefined }), read, token);
      } catch (error) {
        return { problem: codeOf(error) };
      }
    },
    // What a service keeps is its own to remove.
    tidy: () => Promise.resolve(),
    close: () => {},
  };
}

function readingOf(
  { status, body, isCut }: HttpAnswer,
  { contains, count }: HttpTokens['read'],
  token: string,
): ReadReply {
  if (status === 404 || status === 410) return { times: 0 };
  if (!isGood(status)) return { problem: `http_${status}` };
  if (isCut) return { problem: 'body_too_long' };
  if (contains !== undefined) return { times: body.includes(withToken(contains, token)) ? 1 : 0 };
  if (count === undefined) return { times: 1 };
  try {
    const document: Json = JSON.parse(body);
    return { times: valuesAt(withToken(count, token), document).length };
  } catch {
    return { problem: 'no_json' };
  }
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

function codeOf(error: unknown): string {
  return error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : httpErrorCode(error);
}
