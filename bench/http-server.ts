import { createServer } from 'node:http';

/**
 * An HTTP server of the least that there is, in a process of its own: it says its port, and ends with its stdin. At
 * `/requests` it says how many it has had.
 */
const body = 'x'.repeat(100);
let requests = 0;
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  requests += 1;
  request.resume();
  const answer = request.url === '/requests' ? String(requests) : body;
  response.setHeader('content-length', answer.length).end(answer);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`${address?.port}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
