import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** An answer as data; its body is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How long a client that has been refused may go on sending before it is cut off. */
const lingerMs = 5_000;

export function send(response: ServerResponse, answer: Answer): void {
  response.end(writeHead(response, answer));
}

/**
 * Answers a request whose body has not been read to its end, and closes the connection. To close on unread bytes is
 * to reset it, which can destroy the answer before the client has read it: so this side ends only its own direction
 * and throws away what still arrives, for a bounded time.
 */
export async function sendUnread(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): Promise<void> {
  const text = writeHead(response, { ...answer, headers: { ...answer.headers, connection: 'close' } });
  response.write(text, () => request.socket.end());
  request.resume();
  // A client that leaves is as good as one that has finished.
  const over = finished(request).catch(() => {});
  await Promise.race([over, sleep(lingerMs, undefined, { ref: false })]);
  response.end();
  request.socket.destroySoon();
}

/** Answers what the HTTP parser could not make a request of, on the bare socket. */
export function sendMalformed(problem: NodeJS.ErrnoException, socket: Duplex): void {
  // There is nobody left to answer after a reset, and nothing may follow an answer that was ended.
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, error } = malformed[problem.code ?? ''] ?? notHttp;
  const text = `${JSON.stringify({ error })}\n`;
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(text)}`,
      'connection: close',
      '',
      text,
    ].join('\r\n'),
    () => socket.destroy(),
  );
}

const notHttp = { status: 400, error: 'this is not an HTTP request' };

const malformed: Readonly<Record<string, typeof notHttp>> = {
  HPE_HEADER_OVERFLOW: { status: 431, error: 'the headers are too long' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, error: 'the request did not arrive in time' },
};

function writeHead(response: ServerResponse, { status, body, headers }: Answer): string {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  return text;
}
