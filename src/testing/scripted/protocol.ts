/** How requests and answers look on a socket. */
export interface Protocol {
  /** Takes what came on a connection, and what was left of what came before. */
  take(bytes: Buffer): Taken;
  readonly ok: Buffer;
  readonly error: Buffer;
}

export interface Taken {
  /** Of each whole request: whether it is of the load, or only asks whether anybody is there. */
  readonly requests: readonly boolean[];
  /** What is not a whole request yet. */
  readonly rest: Buffer;
}

/** What load asks for, so that it is known from looks at the node: a path of HTTP, a key of Redis. */
export const loadMark = 'scripted';

const headEnd = '\r\n\r\n';

/** Requests without a body, as of GET. */
export const http: Protocol = {
  ok: Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  error: Buffer.from('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\nno'),
  take(bytes) {
    const heads = bytes.toString('latin1').split(headEnd);
    const rest = heads.pop() ?? '';
    return { requests: heads.map((head) => head.includes(loadMark)), rest: Buffer.from(rest, 'latin1') };
  },
};

/** RESP: each command is an array of bulk strings. */
export const redis: Protocol = {
  ok: Buffer.from('+OK\r\n'),
  error: Buffer.from('-ERR so it is written\r\n'),
  take(bytes) {
    const text = bytes.toString('latin1');
    const requests: boolean[] = [];
    let start = 0;
    for (let end = commandEnd(text, start); end !== null; end = commandEnd(text, start)) {
      requests.push(text.slice(start, end).includes(loadMark));
      start = end;
    }
    return { requests, rest: bytes.subarray(start) };
  },
};

/** Where the command ends that begins at `start`; null where it is not whole. */
function commandEnd(text: string, start: number): number | null {
  const head = /\*(\d+)\r\n/y;
  head.lastIndex = start;
  const [, words] = head.exec(text) ?? [];
  if (words === undefined) return null;
  let end = head.lastIndex;
  for (let word = 0; word < Number(words); word += 1) {
    const size = /\$(\d+)\r\n/y;
    size.lastIndex = end;
    const [, bytes] = size.exec(text) ?? [];
    if (bytes === undefined) return null;
    end = size.lastIndex + Number(bytes) + 2;
  }
  return end <= text.length ? end : null;
}
