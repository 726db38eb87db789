/**
 * What containers under test run as their HTTP node: an answer whose end is the connection's end, as of old, so that a late
 * end is met, too. A node with a PEER asks that one first, by its name: 502 where the name cannot be looked up, 504 where the
 * peer does not answer.
 */
export const shopNode = `
  const { createServer, get } = require('http');
  const answer = (response, status) => {
    response.useChunkedEncodingByDefault = false;
    response.writeHead(status, { connection: 'close' });
    response.write('{"status":"ok"}');
    response.end();
  };
  const { PEER: host } = process.env;
  createServer((request, response) => {
    if (!host || request.url !== '/health') return answer(response, 200);
    const asked = get({ host, port: 8000, path: '/', agent: false, timeout: 300 }, (peer) => {
      peer.resume().on('end', () => answer(response, 200));
    });
    asked.on('timeout', () => asked.destroy(new Error('timeout')));
    asked.on('error', ({ syscall }) => answer(response, syscall === 'getaddrinfo' ? 502 : 504));
  }).listen(8000);
  process.on('SIGTERM', () => process.exit(0));
`;
