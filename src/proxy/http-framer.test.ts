import { describe, expect, it } from 'vitest';
import { HttpFramer } from './http-framer.ts';
import { requestHead, responseHead } from './http-head.ts';

const messages = [
  'GET /a HTTP/1.1\r\nhost: x\r\n\r\n',
  'POST /b HTTP/1.1\r\nContent-Length: 5\r\n\r\nab\r\nc',
  'PUT /c HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n4;ext=1\r\n\r\n\r\n\r\nA\r\n0123456789\r\n0\r\nx: y\r\n\r\n',
  'DELETE http://host/d?e=1 HTTP/1.1\r\n\r\n',
];

/** What the framer finds in the text, given to it in pieces of that many bytes. */
function found(text: string, pieceBytes: number) {
  const bytes = Buffer.from(text, 'latin1');
  const heads: string[] = [];
  const framer = new HttpFramer((head) => {
    const request = requestHead(head);
    heads.push(`${request?.method} ${request?.path}`);
    return request?.framing ?? 'opaque';
  });
  const bodies = [''];
  let passed = '';
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    framer.push(bytes.subarray(from, from + pieceBytes));
    for (let part = framer.next(); part !== null; part = framer.next()) {
      const slice = framer.slice(part.start, part.end).toString('latin1');
      passed += slice;
      if (part.kind === 'body') bodies.push(bodies.pop() + slice);
      if (part.isLast) bodies.push('');
    }
  }
  return { heads, bodies: bodies.slice(0, -1), passed, isOpaque: framer.isOpaque };
}

describe('the HTTP framer', () => {
  it('finds the same messages however they are cut', () => {
    const text = messages.join('');
    for (let pieceBytes = 1; pieceBytes <= text.length; pieceBytes += 1) {
      expect(found(text, pieceBytes)).toEqual({
        heads: ['GET /a', 'POST /b', 'PUT /c', 'DELETE /d?e=1'],
        bodies: ['', 'ab\r\nc', '\r\n\r\n0123456789', ''],
        passed: text,
        isOpaque: false,
      });
    }
  });

  it.each([
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'],
    ['another protocol', 'HELO there\r\n\r\nMAIL\r\n'],
    ['a chunk without a size', 'PUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n'],
    ['a head without an end', `GET / HTTP/1.1\r\nx: ${'y'.repeat(70_000)}`],
  ])('passes over %s, all of it', (_, text) => {
    for (const pieceBytes of [1, 7, text.length]) {
      expect(found(text, pieceBytes)).toMatchObject({ passed: text, isOpaque: true });
    }
  });

  it.each([
    ['HTTP/1.1 200 OK\r\ncontent-length: 7\r\n', 'GET', 7],
    ['HTTP/1.1 200 OK\r\ncontent-length: 7\r\n', 'HEAD', 0],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n', 'GET', 'chunked'],
    ['HTTP/1.0 200 OK\r\n', 'GET', 'until_close'],
    ['HTTP/1.1 204 No Content\r\n', 'GET', 0],
    ['HTTP/1.1 304 Not Modified\r\ncontent-length: 7\r\n', 'GET', 0],
    ['HTTP/1.1 101 Switching Protocols\r\n', 'GET', 'opaque'],
    ['HTTP/1.1 200 OK\r\n', 'CONNECT', 'opaque'],
    ['+PONG\r\n', 'GET', 'opaque'],
  ] as const)('knows the framing of %j to %s', (head, method, framing) => {
    expect(responseHead(head, method)).toEqual({ framing, isInterim: false });
  });

  it('knows an interim response', () => {
    expect(responseHead('HTTP/1.1 100 Continue\r\n', 'POST')).toEqual({ framing: 0, isInterim: true });
  });
});
