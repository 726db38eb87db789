import { createServer } from 'node:http';

/** An HTTP server of the least that there is, in a process of its own: it says its port, and ends with its stdin. */
const body = 'x'.repeat(100);
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  response.setHeader('content-length', body.length).end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`${address?.port}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
