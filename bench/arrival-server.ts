import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setPriority } from 'node:os';

/**
 * `node bench/arrival-server.ts FILE MOST`: an HTTP server, in a process of its own, that notes when each request came. It
 * says its port; when its stdin ends it writes to the file when up to that many requests came, as 64-bit floats:
 * milliseconds of the monotonic clock. A chunk that ends with an empty line is one request: nobody here pipelines.
 */
const [file = '', most = ''] = process.argv.slice(2);
const arrivals = new Float64Array(Number(most));
let count = 0;
const body = 'x'.repeat(100);
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n${body}`,
);
const newline = 0x0a;

// What it measures are clients: it comes before them where that is allowed.
try {
  setPriority(-10);
} catch {}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    const end = chunk.length;
    if (end < 4 || chunk[end - 1] !== newline || chunk[end - 3] !== newline) return;
    arrivals[count] = performance.now();
    count += 1;
    socket.write(answer);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`${address?.port}\n`);
});
process.stdin.resume().on('end', () => {
  writeFileSync(file, arrivals.subarray(0, count));
  process.exit(0);
});
